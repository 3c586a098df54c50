/** Colours of the theme as numbers, for canvases. Read once and again after a change of theme. */
const names = ['ground', 'sheet', 'ink', 'ink-2', 'ink-3', 'line', 'line-strong', 'accent', 'warm', 'bad', 'map-ground', 'map-grid', 'map-grid-strong', 'zone', 'field', 'known', 'doubt', 'unknown', 'node-0', 'node-1', 'node-2', 'node-3', 'node-4', 'node-5'];
let values = {};

export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  values = Object.fromEntries(names.map((name) => [name, parse(style.getPropertyValue(`--${name}`).trim())]));
}

function parse(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

export function colour(name, alpha = 1) {
  const [r, g, b] = values[name];
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

/** From known through doubt to unknown: what is not known of a track's existence, 0..1. */
export function ignorance(value, alpha = 1) {
  const v = Math.min(1, Math.max(0, value));
  const [from, to, f] = v < 0.5 ? ['known', 'doubt', v * 2] : ['doubt', 'unknown', v * 2 - 1];
  const mix = values[from].map((c, i) => Math.round(c + f * (values[to][i] - c)));
  return `rgb(${mix[0]} ${mix[1]} ${mix[2]} / ${alpha})`;
}

export function nodeColour(index, alpha = 1) {
  return colour(`node-${index % 6}`, alpha);
}
