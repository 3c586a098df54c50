/**
 * The live feed: one WebSocket that comes back by itself. Text frames are JSON; binary frames are a camera's preview: four
 * bytes header length, header, JPEG, label runs. What a view wants is asked for by channel, so nothing unseen is sent.
 */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4000;

export class Link {
  #socket = null;
  #wait = FIRST_WAIT;
  #wanted = { channels: ['tick', 'status', 'system'], cameras: [] };
  #decoder = new TextDecoder();
  #receive;
  #changed;
  state = 'connecting';
  reason = '';
  /** Milliseconds to add to this page's clock to get the server's. */
  offset = 0;
  #bestTrip = Infinity;

  constructor(receive, changed) {
    this.#receive = receive;
    this.#changed = changed;
    setInterval(() => this.#ping(), 5000);
  }

  open() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.#bestTrip = Infinity;
      this.#become('open', '');
      this.#send({ op: 'want', ...this.#wanted });
      this.#ping();
    };
    socket.onmessage = (event) => this.#message(event.data);
    socket.onclose = (event) => {
      this.#become('lost', event.reason);
      setTimeout(() => this.open(), this.#wait);
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
    this.#socket = socket;
  }

  want(channels, cameras = []) {
    this.#wanted = { channels, cameras };
    this.#send({ op: 'want', ...this.#wanted });
  }

  painted(millis) {
    this.#send({ op: 'painted', ms: millis });
  }

  /** The server's clock, milliseconds since the epoch. */
  now() {
    return Date.now() + this.offset;
  }

  #become(state, reason) {
    this.state = state;
    this.reason = reason;
    this.#changed(this);
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #ping() {
    this.#send({ op: 'ping', c: Date.now() });
  }

  #message(data) {
    if (typeof data === 'string') {
      const message = JSON.parse(data);
      if (message.t === 'pong') this.#pong(message);
      else this.#receive(message);
      return;
    }
    const length = new DataView(data).getUint32(0);
    const message = JSON.parse(this.#decoder.decode(new Uint8Array(data, 4, length)));
    message.bytes = new Uint8Array(data, 4 + length, message.jpeg);
    if (message.mask) message.mask.runs = new Uint8Array(data, 4 + length + message.jpeg, message.mask.bytes);
    this.#receive(message);
  }

  /** The shortest round trip tells the clocks' offset best. */
  #pong(message) {
    const now = Date.now();
    const trip = now - message.c;
    if (trip <= this.#bestTrip) {
      this.#bestTrip = trip;
      this.offset = message.s - (message.c + now) / 2;
    }
    this.#bestTrip += 1;
  }
}
