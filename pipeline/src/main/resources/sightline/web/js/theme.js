/** Light or dark: the system's wish until somebody presses the switch. */
import { icon, announce } from './dom.js';
import { readTheme } from './colour.js';
import { emit } from './store.js';

const SUN = ['M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4'];
const MOON = ['M20 14.5A8.2 8.2 0 0 1 9.5 4a8.2 8.2 0 1 0 10.5 10.5Z'];

export function startTheme(button) {
  const system = matchMedia('(prefers-color-scheme: light)');
  const chosen = () => localStorage.getItem('theme');
  const apply = () => {
    const light = chosen() ? chosen() === 'light' : system.matches;
    document.documentElement.dataset.theme = light ? 'light' : 'dark';
    readTheme();
    button.replaceChildren(icon(...(light ? MOON : SUN)));
    button.setAttribute('aria-label', light ? 'Switch to dark' : 'Switch to light');
    emit('theme', light);
  };
  button.addEventListener('click', () => {
    localStorage.setItem('theme', document.documentElement.dataset.theme === 'light' ? 'dark' : 'light');
    apply();
    announce(`${document.documentElement.dataset.theme} theme`);
  });
  system.addEventListener('change', apply);
  apply();
}
