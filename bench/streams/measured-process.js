/** Loaded into every measured server before its own code: tells what it has used, and collects garbage when asked. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { serveCommands } from './command-channel.js';

// Without a channel the server runs as it is.
if (process.send) {
  const inspector = new Session();
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
    /** Samples what runs from here to `endProfile`. */
    beginProfile: async () => {
      inspector.connect();
      await inspector.post('Profiler.enable');
      await inspector.post('Profiler.start');
    },
    endProfile: async (file) => {
      const { profile } = await inspector.post('Profiler.stop');
      inspector.disconnect();
      writeFileSync(file, JSON.stringify(profile));
    },
  });
}
