/** Loaded into a measured server before its own code: collects garbage when asked, so that heaps can be compared. */
process.on('message', () => {
  globalThis.gc();
  process.send('collected');
});
