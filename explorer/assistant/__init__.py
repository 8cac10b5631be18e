"""What programs with a language model may ask (Model Context Protocol), answered by the API."""
