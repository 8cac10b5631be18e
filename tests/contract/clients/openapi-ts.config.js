// How the tests make a client with @hey-api/openapi-ts: as a program of Node wants it.
export default {
  input: "openapi.json",
  output: { path: "hey", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch"],
  logs: { file: false },
};
