"""The words for designations."""

from publishing.fields import GrowingEnumeration
from publishing.vocabularies import EnumerationType


class Regime(GrowingEnumeration):
    """The sanctions and terrorist lists of states and international organisations."""

    US_FTO = "us_fto"
    US_SDGT = "us_sdgt"
    US_OFAC_SDN = "us_ofac_sdn"
    US_OFAC_NONSDN = "us_ofac_nonsdn"
    US_TTL = "us_ttl"
    EU_TERRORIST_LIST = "eu_terrorist_list"
    EU_CONSOLIDATED = "eu_consolidated"
    UN_1267 = "un_1267"
    UN_1988 = "un_1988"
    UN_OTHER = "un_other"
    UK_PROSCRIBED = "uk_proscribed"
    UK_SANCTIONS = "uk_sanctions"
    CA_LISTED_ENTITY = "ca_listed_entity"
    CA_SEMA = "ca_sema"
    AU_LISTED = "au_listed"
    AU_DFAT = "au_dfat"
    NZ_DESIGNATED = "nz_designated"
    IL_NBCTF = "il_nbctf"
    AE_LOCAL_LIST = "ae_local_list"
    SA_LIST = "sa_list"
    IN_UAPA = "in_uapa"
    CH_SECO = "ch_seco"
    JP_MOF = "jp_mof"
    TR_LIST = "tr_list"
    IQ_DOMESTIC = "iq_domestic"
    OTHER = "other"


class DesignationStatus(GrowingEnumeration):
    """Whether an actor is on a list."""

    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    UNKNOWN = "unknown"


MEANINGS: dict[EnumerationType, dict[str, str]] = {
    Regime: {
        "us_fto": "United States: Foreign Terrorist Organizations (State Department).",
        "us_sdgt": "United States: Specially Designated Global Terrorists (Order 13224).",
        "us_ofac_sdn": "United States: Specially Designated Nationals (Treasury).",
        "us_ofac_nonsdn": "United States: lists of the Treasury other than the SDN list.",
        "us_ttl": "United States: another list of terrorists or transnational criminals.",
        "eu_terrorist_list": "European Union: Common Position 2001/931.",
        "eu_consolidated": "European Union: consolidated list of financial sanctions.",
        "un_1267": "United Nations: ISIL and Al-Qaida, resolution 1267.",
        "un_1988": "United Nations: Taliban, resolution 1988.",
        "un_other": "United Nations: another list of the Security Council.",
        "uk_proscribed": "United Kingdom: proscribed organisations.",
        "uk_sanctions": "United Kingdom: sanctions list.",
        "ca_listed_entity": "Canada: listed terrorist entities.",
        "ca_sema": "Canada: Special Economic Measures Act.",
        "au_listed": "Australia: listed terrorist organisations.",
        "au_dfat": "Australia: consolidated list of sanctions.",
        "nz_designated": "New Zealand: designated terrorist entities.",
        "il_nbctf": "Israel: National Bureau for Counter Terror Financing.",
        "ae_local_list": "United Arab Emirates: local terrorist list.",
        "sa_list": "Saudi Arabia: terrorist list.",
        "in_uapa": "India: Unlawful Activities (Prevention) Act.",
        "ch_seco": "Switzerland: sanctions list of SECO.",
        "jp_mof": "Japan: list of the Ministry of Finance.",
        "tr_list": "Turkey: terrorist or asset-freezing list.",
        "iq_domestic": "Iraq: a domestic list.",
        "other": "None of these.",
    },
    DesignationStatus: {
        "listed": "It is on the list.",
        "suspended": "It is on the list, but the listing is suspended.",
        "delisted": "It was taken off the list.",
        "unknown": "Not known.",
    },
}
"""The meaning of each word, in the order of its enumeration."""
