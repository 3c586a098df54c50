/** Metres to pixels and back: east to the right, north up. */
export class Viewport {
  east = 0;
  north = 0;
  /** Pixels a metre. */
  scale = 20;
  width = 1;
  height = 1;

  x(e) {
    return this.width / 2 + (e - this.east) * this.scale;
  }

  y(n) {
    return this.height / 2 - (n - this.north) * this.scale;
  }

  at(x, y) {
    return [this.east + (x - this.width / 2) / this.scale, this.north - (y - this.height / 2) / this.scale];
  }

  /** Shows a box of the ground with some air around it. */
  fit([e0, n0, e1, n1]) {
    this.east = (e0 + e1) / 2;
    this.north = (n0 + n1) / 2;
    this.scale = Math.min(this.width / (e1 - e0 + 2.5), this.height / (n1 - n0 + 2.5));
  }

  pan(dx, dy) {
    this.east -= dx / this.scale;
    this.north += dy / this.scale;
  }

  /** Zooms about a point of the screen. */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [e, n] = this.at(x, y);
    this.scale = Math.min(400, Math.max(1.5, this.scale * factor));
    this.east = e - (x - this.width / 2) / this.scale;
    this.north = n + (y - this.height / 2) / this.scale;
  }
}

/** The box around everything that a site marks on the ground. */
export function extent(site) {
  const points = [
    ...site.sensors.map((s) => [s.e, s.n]),
    ...site.zones.flatMap((z) => z.outline),
    ...site.lines.flatMap((l) => l.ends),
  ];
  if (points.length === 0) points.push([-10, -10], [10, 10]);
  const e = points.map((p) => p[0]);
  const n = points.map((p) => p[1]);
  return [Math.min(...e), Math.min(...n), Math.max(...e), Math.max(...n)];
}
