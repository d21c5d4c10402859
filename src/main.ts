const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`Talksy cannot start: it needs Node 22.15 or newer, this is ${process.versions.node}\n`);
  process.exit(1);
}

// Loaded only now, because an older Node fails on them with a message that helps nobody.
await import('reflect-metadata');
const { serve } = await import('./serve.js');

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`);
const server = await serve({
  isTerminal: Boolean(process.stdout.isTTY),
  out: line(process.stdout),
  err: line(process.stderr),
});
if (!server) process.exit(1);

let stopping = false;
const stop = (): void => {
  // A second signal means now.
  if (stopping) process.exit(1);
  stopping = true;
  void server.stop().then(() => process.exit(0));
};
process.on('SIGTERM', stop).on('SIGINT', stop);
