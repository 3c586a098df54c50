/** What was found in a frame, drawn over it. The context is scaled to the picture's own pixels. */
const BOX = { person: '#6fe3c4', bicycle: '#ffb86b', car: '#7cc4ff', motorcycle: '#f59ad1', bus: '#b6e07a', truck: '#d0b3ff' };

export function drawMask(g, message) {
  const { w, h, runs } = message.mask;
  const picture = new OffscreenCanvas(w, h);
  const c = picture.getContext('2d');
  const image = c.createImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const end = Math.min(pixels.length, at + runs[i + 1]);
    if (runs[i] !== 0) pixels.fill(tint(runs[i]), at, end);
    at = end;
  }
  c.putImageData(image, 0, 0);
  g.imageSmoothingEnabled = false;
  g.drawImage(picture, 0, 0, message.w, message.h);
  g.imageSmoothingEnabled = true;
}

/** A colour of its own for each label, little-endian ABGR at 45 % opacity. */
function tint(label) {
  const hue = (label * 137.5 + 20) % 360;
  const channel = (shift) => {
    const k = (shift + hue / 60) % 6;
    return Math.round(255 * (1 - 0.75 * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return ((115 << 24) | (channel(1) << 16) | (channel(3) << 8) | channel(5)) >>> 0;
}

/** All outlines first, then their names from the surest on; a name that would cover another is left out. */
export function drawBoxes(g, message, unit) {
  const taken = [];
  for (const box of [...message.boxes].sort((a, b) => b.s - a.s)) {
    const paint = BOX[box.k] ?? '#ffffff';
    g.strokeStyle = paint;
    g.lineWidth = 1.6 * unit;
    g.strokeRect(box.x, box.y, box.w, box.h);
    if (box.h > 34 * unit) name(g, box, paint, unit, taken);
    if (box.foot) {
      g.beginPath();
      g.arc(box.foot[0], box.foot[1], 2.6 * unit, 0, 7);
      g.fillStyle = paint;
      g.fill();
    }
  }
}

function name(g, box, paint, unit, taken) {
  g.font = `600 ${11 * unit}px ui-sans-serif, system-ui, sans-serif`;
  const words = `${box.k} ${(box.s * 100).toFixed(0)}`;
  const [x, y] = [box.x - 0.8 * unit, Math.max(0, box.y - 15 * unit)];
  const [width, height] = [g.measureText(words).width + 8 * unit, 15 * unit];
  if (taken.some((t) => x < t[0] + t[2] && t[0] < x + width && y < t[1] + t[3] && t[1] < y + height)) return;
  taken.push([x, y, width, height]);
  g.fillStyle = paint;
  g.fillRect(x, y, width, height);
  g.fillStyle = '#06231b';
  g.fillText(words, box.x + 3 * unit, y + 11.5 * unit);
}

const SURE = 0.2;

export function drawPoses(g, message, unit) {
  g.lineCap = 'round';
  for (const pose of message.poses) {
    g.strokeStyle = '#ffd98a';
    g.lineWidth = 2 * unit;
    g.beginPath();
    for (const [a, b] of message.limbs) {
      if (pose[3 * a + 2] < SURE || pose[3 * b + 2] < SURE) continue;
      g.moveTo(pose[3 * a], pose[3 * a + 1]);
      g.lineTo(pose[3 * b], pose[3 * b + 1]);
    }
    g.stroke();
    g.fillStyle = '#ffffff';
    for (let j = 0; j < pose.length; j += 3) {
      if (pose[j + 2] < SURE) continue;
      g.beginPath();
      g.arc(pose[j], pose[j + 1], 1.8 * unit, 0, 7);
      g.fill();
    }
  }
}
