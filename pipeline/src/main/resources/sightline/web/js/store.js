/**
 * What the page knows, and who wants to hear of changes. Everything is bounded: trails, events and depictions keep their
 * newest.
 */
const TRAIL = 120;
const EVENTS = 500;
const GONE_AFTER = 5000;

export const store = {
  site: null,
  tick: null,
  tracks: new Map(),
  trails: new Map(),
  nodes: new Map(),
  cameras: new Map(),
  statuses: new Map(),
  events: [],
  depictions: new Map(),
  system: null,
  rates: new Map(),
  link: null,
};

const listeners = new Map();

/** Calls back on every message of these types; the returned function ends that. */
export function on(types, callback) {
  const list = [types].flat();
  for (const type of list) {
    if (!listeners.has(type)) listeners.set(type, new Set());
    listeners.get(type).add(callback);
  }
  return () => list.forEach((type) => listeners.get(type).delete(callback));
}

export function emit(type, message) {
  for (const callback of [...(listeners.get(type) ?? [])]) callback(message);
}

const take = {
  hello(message) {
    for (const status of message.statuses) store.statuses.set(status.sensor, status);
  },
  site(message) {
    store.site = message;
  },
  trails(message) {
    for (const trail of message.trails) store.trails.set(trail.id, trail.points);
  },
  tick(message) {
    store.tick = message;
    store.tracks = new Map(message.tracks.map((track) => [track.id, track]));
    for (const track of message.tracks) {
      const trail = store.trails.get(track.id) ?? [];
      trail.push([message.time, track.e, track.n]);
      if (trail.length > TRAIL) trail.shift();
      store.trails.set(track.id, trail);
    }
    for (const [id, trail] of store.trails) {
      if (!store.tracks.has(id) && message.time - trail.at(-1)[0] > GONE_AFTER) store.trails.delete(id);
    }
  },
  node(message) {
    store.nodes.set(message.node, message);
  },
  camera(message) {
    store.cameras.set(message.camera, message);
  },
  status(message) {
    store.statuses.set(message.sensor, message);
  },
  system(message) {
    rates(message);
    store.system = message;
  },
  event(message) {
    if (!store.events.some((event) => event.id === message.id)) store.events.push(message);
    if (store.events.length > EVENTS) store.events.shift();
  },
  events(message) {
    const known = new Map(store.events.map((event) => [event.id, event]));
    for (const event of message.events) known.set(event.id, event);
    store.events = [...known.values()].sort((a, b) => a.time - b.time).slice(-EVENTS);
  },
  depiction(message) {
    store.depictions.set(message.id, message);
  },
  depictions(message) {
    for (const made of message.depictions) store.depictions.set(made.id, made);
  },
};

/** Two ledgers that a busy server sent right after each other say nothing of a rate. */
const LEAST_SECONDS = 0.5;
let before = null;

/** Frames a second of each camera, from two ledgers. */
function rates(message) {
  const seconds = before ? (message.time - before.time) / 1000 : 0;
  // A time before that of the last ledger is another server's.
  if (!before || seconds < 0) before = message;
  if (seconds < LEAST_SECONDS) return;
  const old = new Map(before.ledger.map((row) => [row.camera + '|' + row.stage, row]));
  const next = new Map();
  for (const row of message.ledger) {
    const was = old.get(row.camera + '|' + row.stage);
    if (!was) continue;
    const rate = next.get(row.camera) ?? { in: 0, done: 0, superseded: 0 };
    rate.in = Math.max(rate.in, (row.received - was.received) / seconds);
    rate.done = Math.max(rate.done, (row.done - was.done) / seconds);
    rate.superseded += (row.superseded - was.superseded) / seconds;
    next.set(row.camera, rate);
  }
  store.rates = next;
  before = message;
}

export function receive(message) {
  take[message.t]?.(message);
  emit(message.t, message);
}
