/** Small charts on canvas: histograms and lines. They follow the theme and the width of their place. */
import { h } from '../dom.js';
import { colour } from '../colour.js';
import { seconds } from '../format.js';
import { on } from '../store.js';

class Chart {
  #frame = 0;

  constructor(height, label) {
    this.canvas = h('canvas', { class: 'chart', role: 'img', 'aria-label': label });
    this.canvas.style.height = `${height}px`;
    this.height = height;
    const sizes = new ResizeObserver(() => this.redraw());
    sizes.observe(this.canvas);
    const ended = on('theme', () => this.redraw());
    this.close = () => {
      sizes.disconnect();
      ended();
    };
  }

  redraw() {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#paint();
      });
    }
  }

  #paint() {
    const dpr = devicePixelRatio || 1;
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(this.height * dpr);
    const g = this.canvas.getContext('2d');
    g.scale(dpr, dpr);
    g.font = `11px ${getComputedStyle(document.body).fontFamily}`;
    this.paint(g, width, this.height);
  }
}

/** A latency histogram on a logarithmic axis, with its median and 99th percentile. */
export class LatencyChart extends Chart {
  #latency = null;

  constructor(stage) {
    super(84, `Histogram of ${stage}`);
  }

  show(latency) {
    this.#latency = latency;
    this.canvas.setAttribute('aria-label', `${latency.stage}: median ${seconds(latency.p50)}, 99th percentile ${seconds(latency.p99)}`);
    this.redraw();
  }

  paint(g, width, height) {
    const { upper, counts, p50, p99 } = this.#latency ?? {};
    if (!upper) return;
    const used = counts.map((n, i) => [n, i]).filter(([n]) => n > 0).map(([, i]) => i);
    const from = Math.max(0, (used[0] ?? 0) - 2);
    const to = Math.min(counts.length - 1, (used.at(-1) ?? counts.length - 1) + 2);
    const most = Math.max(1, ...counts);
    const base = height - 16;
    const step = width / (to - from + 1);
    for (let i = from; i <= to; i++) {
      const tall = (counts[i] / most) * (base - 4);
      g.fillStyle = colour('accent', counts[i] ? 0.85 : 0);
      g.beginPath();
      g.roundRect((i - from) * step + 1, base - tall, Math.max(1, step - 2), tall, [2, 2, 0, 0]);
      g.fill();
    }
    g.fillStyle = colour('line-strong');
    g.fillRect(0, base, width, 1);
    const place = (value) => {
      let i = upper.findIndex((bound) => value <= bound);
      if (i < 0) i = upper.length;
      return Math.min(width - 1, (i - from + 1) * step);
    };
    g.fillStyle = colour('ink-3');
    g.textAlign = 'left';
    g.fillText(seconds(upper[from]), 0, height - 3);
    g.textAlign = 'right';
    g.fillText(seconds(upper[Math.min(to, upper.length - 1)]), width, height - 3);
    for (const [value, name] of [[p50, 'ink-2'], [p99, 'warm']]) {
      if (value === null) continue;
      g.fillStyle = colour(name);
      g.fillRect(place(value), 2, 1.5, base - 2);
    }
  }
}

/** A line over time, `points` as [milliseconds, value]. */
export class LineChart extends Chart {
  #points = [];

  constructor(label, unit, paint = 'accent', top = null) {
    super(72, label);
    this.unit = unit;
    this.paintName = paint;
    this.top = top;
  }

  show(points) {
    this.#points = points;
    this.redraw();
  }

  paint(g, width, height) {
    const points = this.#points;
    if (points.length < 2) return;
    const most = this.top ?? Math.max(1e-6, ...points.map((p) => p[1])) * 1.15;
    const from = points[0][0];
    const span = Math.max(1, points.at(-1)[0] - from);
    const x = (t) => ((t - from) / span) * width;
    const y = (v) => height - 3 - (Math.min(v, most) / most) * (height - 16);
    g.beginPath();
    points.forEach(([t, v], i) => (i ? g.lineTo(x(t), y(v)) : g.moveTo(x(t), y(v))));
    g.strokeStyle = colour(this.paintName);
    g.lineWidth = 1.8;
    g.lineJoin = 'round';
    g.stroke();
    g.lineTo(width, height);
    g.lineTo(0, height);
    g.closePath();
    g.fillStyle = colour(this.paintName, 0.12);
    g.fill();
    g.fillStyle = colour('ink-3');
    g.textAlign = 'left';
    g.fillText(`${most.toFixed(most < 10 ? 1 : 0)} ${this.unit}`, 0, 10);
    g.textAlign = 'right';
    g.fillText(`${(span / 1000).toFixed(0)} s`, width, 10);
  }
}
