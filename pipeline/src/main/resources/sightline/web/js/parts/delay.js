/** Measures how long after its exposure a tick is on the screen, and tells the server now and then. */
import { store, on } from '../store.js';

const A_REPORT = 10;

export function reportDelays() {
  const delays = [];
  on('tick', (tick) => {
    if (document.hidden) return;
    // The second frame begins when the one that painted this tick is done.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        delays.push(Math.max(0, Math.round(store.link.now() - tick.time)));
        if (delays.length >= A_REPORT) store.link.painted(delays.splice(0));
      }),
    );
  });
}
