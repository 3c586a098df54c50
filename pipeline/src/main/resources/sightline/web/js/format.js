/** Figures for people. */
export function clock(millis, withTenths = false) {
  const at = new Date(millis);
  const two = (n) => String(n).padStart(2, '0');
  const base = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return withTenths ? `${base}.${Math.floor(at.getMilliseconds() / 100)}` : base;
}

export function seconds(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 0.01) return `${(value * 1000).toFixed(1)} ms`;
  if (value < 1) return `${(value * 1000).toFixed(0)} ms`;
  if (value < 100) return `${value.toFixed(1)} s`;
  return `${Math.round(value / 60)} min`;
}

export function bytes(value) {
  if (value < 1024) return `${value} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let unit = -1;
  do {
    value /= 1024;
    unit++;
  } while (value >= 1024 && unit < 3);
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

export function count(value) {
  return value.toLocaleString('en');
}

export function rate(value) {
  return value === undefined ? '–' : value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** The part of a track's id that people tell it by. */
export function shortId(id) {
  const parts = id.split('/');
  return parts.length < 2 ? id : `${parts.at(-2)} ${parts.at(-1).split('.').at(-1)}`;
}

export function words(constant) {
  return constant.toLowerCase().replaceAll('_', ' ');
}
