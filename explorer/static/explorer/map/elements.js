/* Elements, without a template language. */

export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function link(address, text) {
  return make("a", { href: address }, make("bdi", {}, text));
}
