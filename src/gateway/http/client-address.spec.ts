import express from 'express';
import type { IncomingMessage } from 'node:http';
import { clientAddress, type ProxyTrust } from './client-address.js';

/** The rule as Express makes it of a setting. */
function trustOf(setting: boolean | number | string): ProxyTrust {
  const app = express();
  app.set('trust proxy', setting);
  return app.get('trust proxy fn') as ProxyTrust;
}

const requestFrom = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('The address of a client', () => {
  it.each<[boolean | number | string, string | undefined, string]>([
    [false, '203.0.113.7', '10.0.0.1'],
    [true, '203.0.113.7', '203.0.113.7'],
    [true, undefined, '10.0.0.1'],
    [1, '203.0.113.7', '203.0.113.7'],
    [1, '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    [2, '1.1.1.1,203.0.113.7', '1.1.1.1'],
    ['10.0.0.0/8', '1.1.1.1, 203.0.113.7, 10.0.0.9', '203.0.113.7'],
    ['192.168.0.0/16', '203.0.113.7', '10.0.0.1'],
    ['10.0.0.0/8', 'no address, 10.0.0.9', 'no address'],
    ['10.0.0.0/8', ' , ,', '10.0.0.1'],
  ])('with TRUST_PROXY %s and %s before 10.0.0.1 is %s', (setting, forwarded, address) => {
    expect(clientAddress(requestFrom('10.0.0.1', forwarded), trustOf(setting))).toBe(address);
  });

  it('is nobody once the connection is closed', () => {
    expect(clientAddress(requestFrom(undefined), trustOf(false))).toBeUndefined();
  });
});
