/* Shows the OpenAPI description with Swagger UI, in a script of its own: no page has inline ones. */
"use strict";
const element = document.getElementById("swagger-ui");
const ui = SwaggerUIBundle({
  url: element.dataset.schema,
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
