/* Show the OpenAPI description with Swagger UI. The security policy allows no inline scripts. */
"use strict";
const element = document.getElementById("swagger-ui");
const ui = SwaggerUIBundle({
  url: element.dataset.schema,
  dom_id: "#swagger-ui",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});
