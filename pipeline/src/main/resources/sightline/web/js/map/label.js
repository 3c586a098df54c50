/** Words on the map. A halo of the ground's colour keeps them readable over whatever lies under them. */
import { colour } from '../colour.js';

let family = '';

export function label(g, words, x, y, { paint, weight = 500, size = 11, align = 'left' }) {
  family ||= getComputedStyle(document.body).fontFamily;
  g.font = `${weight} ${size}px ${family}`;
  g.textAlign = align;
  g.lineJoin = 'round';
  g.lineWidth = 3;
  g.strokeStyle = colour('map-ground', 0.85);
  g.strokeText(words, x, y);
  g.fillStyle = paint;
  g.fillText(words, x, y);
}
