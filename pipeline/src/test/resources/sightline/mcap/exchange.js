// Reads or writes a file with @mcap/core: node exchange.js read|write FILE PACKAGE [FZSTD [LZ4JS]]
const fs = require('fs');
const [, , what, path, mcapPackage, fzstdPackage, lz4Package] = process.argv;
const { McapIndexedReader, McapStreamReader, McapWriter } = require(mcapPackage);

async function read() {
  const handle = fs.openSync(path);
  const size = BigInt(fs.fstatSync(handle).size);
  const readable = {
    size: async () => size,
    read: async (offset, length) => {
      const buffer = new Uint8Array(Number(length));
      fs.readSync(handle, buffer, 0, buffer.length, Number(offset));
      return buffer;
    },
  };
  const decompressHandlers = {};
  if (fzstdPackage) decompressHandlers.zstd = (buffer) => require(fzstdPackage).decompress(buffer);
  if (lz4Package) decompressHandlers.lz4 = (buffer, length) => require(lz4Package).decompress(buffer, Number(length));
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  let count = 0;
  let last = 0n;
  let ordered = true;
  const topics = new Set();
  for await (const message of reader.readMessages()) {
    count++;
    ordered &&= message.logTime >= last;
    last = message.logTime;
    topics.add(reader.channelsById.get(message.channelId).topic);
    if (new TextDecoder().decode(message.data) !== `message ${message.sequence}`) throw new Error('not what was written: ' + message.sequence);
  }
  // The stream reader checks every checksum and every record's form.
  const stream = new McapStreamReader({ validateCrcs: true, decompressHandlers });
  stream.append(fs.readFileSync(path));
  let streamed = 0;
  for (let record; (record = stream.nextRecord()); ) if (record.type === 'Message') streamed++;
  console.log(JSON.stringify({ count, streamed, done: stream.done(), ordered, topics: [...topics].sort(), statistics: Number(reader.statistics.messageCount), schemas: [...reader.schemasById.values()].map((s) => s.name) }));
}

async function write(useChunks) {
  const parts = [];
  let position = 0n;
  const writable = {
    position: () => position,
    write: async (bytes) => {
      parts.push(Buffer.from(bytes));
      position += BigInt(bytes.byteLength);
    },
  };
  const writer = new McapWriter({ writable, useChunks, chunkSize: 2000 });
  await writer.start({ profile: '', library: 'exchange' });
  const schemaId = await writer.registerSchema({ name: 'test.Message', encoding: 'protobuf', data: new Uint8Array([1, 2, 3]) });
  const channels = [];
  for (const topic of ['/a', '/b']) channels.push(await writer.registerChannel({ topic, schemaId, messageEncoding: 'protobuf', metadata: new Map([['x', topic]]) }));
  for (let i = 0; i < 300; i++) {
    const time = BigInt(1_000_000) * BigInt(300 - i);
    await writer.addMessage({ channelId: channels[i % 2], sequence: i, logTime: time, publishTime: time, data: new TextEncoder().encode(`message ${i}`) });
  }
  await writer.end();
  fs.writeFileSync(path, Buffer.concat(parts));
}

(what === 'read' ? read() : write(what === 'write')).catch((failure) => {
  console.error(failure);
  process.exit(1);
});
