/** Loaded into every measured server before its own code: tells what it has used, and collects garbage when asked. */
import { serveCommands } from './command-channel.js';

// Without a channel the server runs as it is.
if (process.send) {
  await serveCommands({
    /** CPU of all threads since the start in ms, memory in bytes. */
    usage: () => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, ...process.memoryUsage() };
    },
    collect: () => {
      globalThis.gc?.();
      globalThis.gc?.();
    },
  });
}
