-- The schema as one JSON value: table -> object -> digest of its definition. Objects of extensions
-- are left out. NOT NULL constraints, which have names since PostgreSQL 18, belong to their column.
WITH tables AS (
    SELECT c.oid, c.relname
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
), objects (in_table, name, definition) AS (
    SELECT t.relname, 'column ' || a.attname, concat_ws(' ',
        format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
        CASE WHEN a.attcollation NOT IN (0, y.typcollation) THEN l.collname END,
        pg_get_expr(d.adbin, d.adrelid))
    FROM tables t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
  UNION ALL
    SELECT t.relname, 'constraint ' || c.conname,
        concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated)
    FROM tables t
    JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')
  UNION ALL
    SELECT t.relname, CASE WHEN i.indisunique THEN 'unique index ' ELSE 'index ' END || c.relname,
        concat_ws(' ', replace(pg_get_indexdef(i.indexrelid), current_schema() || '.', ''),
            i.indisvalid)
    FROM tables t
    JOIN pg_index i ON i.indrelid = t.oid
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT EXISTS (
        SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))
  UNION ALL
    SELECT t.relname, 'trigger ' || g.tgname, concat_ws(' ',
        replace(pg_get_triggerdef(g.oid), current_schema() || '.', ''), g.tgenabled = 'D',
        p.prosrc, p.prosecdef, p.proconfig)
    FROM tables t
    JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
    JOIN pg_proc p ON p.oid = g.tgfoid
), normalized AS (
    -- A restored dump has ANY (ARRAY[('a'::varchar)::text]) for ANY (ARRAY['a'::varchar]::text[]):
    -- remove casts, and the brackets that only casts need.
    SELECT in_table, name, regexp_replace(regexp_replace(regexp_replace(definition,
        '::[a-z_ ]+(\(\d+(,\d+)?\))?(\[\])*', '', 'g'),
        '\((''[^'']*''|-?[0-9.]+)\)', '\1', 'g'),
        '\(\((ARRAY\[[^\]]*\])\)\)', '(\1)', 'g') AS definition
    FROM objects
), digests AS (
    SELECT in_table, name, left(encode(sha256(convert_to(definition, 'UTF8')), 'hex'), 8) AS digest
    FROM normalized
)
SELECT coalesce(json_object_agg(in_table, listed ORDER BY in_table), '{}')::text
FROM (
    SELECT in_table, json_object_agg(name, digest ORDER BY name) AS listed
    FROM digests GROUP BY in_table
) AS by_table
