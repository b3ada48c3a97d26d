// Swagger UI over the service's own OpenAPI document, with the names that it leaves out.

// A path is read inside the button that opens it; a link there could not be reached by keyboard.
const plainPaths = ({ React }) => ({
  components: { DeepLink: ({ text }) => React.createElement("span", null, text) },
});

const NAMES = {
  ".copy-to-clipboard button": "Copy",
  ".close-modal": "Close",
  ".body-param__text": "Request body",
};

function nameControls() {
  for (const control of document.querySelectorAll(
    ".parameters :is(input:not([type=checkbox]), select, textarea):not([aria-label])",
  )) {
    const name = control.closest("tr")?.querySelector(".parameter__name")?.firstChild;
    if (name) control.setAttribute("aria-label", name.textContent);
  }
  for (const example of document.querySelectorAll("pre.microlight:not([tabindex])")) {
    example.tabIndex = 0; // scrolled with the keyboard
  }
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const control of document.querySelectorAll(`${selector}:not([aria-label])`)) {
      control.setAttribute("aria-label", name);
    }
  }
}

new MutationObserver(nameControls).observe(document.body, { childList: true, subtree: true });

globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger",
  plugins: [plainPaths],
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
