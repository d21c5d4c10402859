import 'reflect-metadata';
import { CredentialService } from '../dist/auth/credential.service.js';
import { loadConfig } from '../dist/config/load-config.js';
import { startServer } from '../dist/server.js';
import { inFolder, register, settings } from './bench-server.js';
import { median } from './figures.js';

const ROUNDS = 9;
const TIME_LIMIT_MS = 20_000;

/** What checking an access token costs, remembered and not, in the process of the server. */
export async function measure(print) {
  const cached = await checkCost(true, 20_000);
  const uncached = await checkCost(false, 300);
  print(`remembered:     ${told(cached)}`);
  print(`not remembered: ${told(uncached)} (signature, and the account from PGlite)`);
  print(`ratio:          1 : ${(uncached.micros / cached.micros).toFixed(0)}`);
}

function checkCost(isCached, perRound) {
  return inFolder(async (folder) => {
    const server = await startServer(loadConfig(settings(folder, { AUTH_CACHE_ENABLED: String(isCached) })));
    try {
      const { port } = server.app.getHttpServer().address();
      const account = await register(`http://127.0.0.1:${port}`, 'bench@example.com', 'correct horse 7 battery');
      return await timed(server.app.get(CredentialService), account, perRound);
    } finally {
      await server.stop();
    }
  });
}

/** The median of some rounds, of which the first is for the compiler and does not count. */
async function timed(credentials, { accessToken, user }, perRound) {
  const rounds = [];
  const deadline = performance.now() + TIME_LIMIT_MS;
  for (let round = 0; round <= ROUNDS && (round < 2 || performance.now() < deadline); round++) {
    const startedAt = performance.now();
    let principal;
    for (let i = 0; i < perRound; i++) principal = await credentials.authenticate(accessToken);
    const micros = ((performance.now() - startedAt) / perRound) * 1000;
    if (principal.userId !== user.id) throw new Error(`the token was taken for one of ${principal.userId}`);
    if (round > 0) rounds.push(micros);
  }
  return { micros: median(rounds), slowest: Math.max(...rounds), checks: rounds.length * perRound };
}

const told = ({ micros, slowest, checks }) =>
  `${micros.toFixed(1)} µs for each of ${checks} checks in a row, ${slowest.toFixed(1)} µs in the slowest round`;
