import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { TalksyError } from '../../common/errors/talksy-error.js';
import type { PublicNetwork } from './public-network.js';

const CONNECT_TIMEOUT_MS = 5000;
const SILENCE_TIMEOUT_MS = 10_000;

/**
 * Opens connections to allowed addresses only. The addresses that are checked are those that are connected to: a name
 * that points elsewhere a moment later does not help. What a connection has reached is checked once more.
 */
export function publicAgent(network: PublicNetwork): Agent {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: allowedLookup(network) });
  return new Agent({
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
    maxHeaderSize: 16_384,
    keepAliveTimeout: 1000,
    connect: (options, callback) => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      const refused = !network.allowsPort(port) || (isIP(literal) > 0 && !network.allows(literal));
      if (refused) return callback(notPublic(`${literal}:${port}`), null);
      connect(options, (error, socket) => {
        if (error) return callback(error, null);
        if (network.allows(socket.remoteAddress ?? '')) return callback(null, socket);
        socket.destroy();
        callback(notPublic(literal), null);
      });
    },
  });
}

/** Resolves a name and keeps what is allowed of it. */
function allowedLookup(network: PublicNetwork): LookupFunction {
  return (hostname, { all }, callback) => {
    network.resolve(hostname).then(
      (found) => {
        const allowed = found.filter((address) => network.allows(address));
        const [first] = allowed;
        if (first === undefined) return callback(notPublic(hostname), '', 0);
        if (all)
          callback(
            null,
            allowed.map((address) => ({ address, family: isIP(address) })),
          );
        else callback(null, first, isIP(first));
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

const notPublic = (where: string): TalksyError =>
  new TalksyError('TOOL_FAILED', `${where} is no public web address; only those may be fetched.`);
