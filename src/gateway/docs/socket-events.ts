import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { GATEWAY_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import type { ClientEvent } from './async-api.js';

/** The events that gateways subscribe to, from the metadata that the framework reads too. */
@Injectable()
export class SocketEvents {
  constructor(private readonly discovery: DiscoveryService) {}

  ofClients(): ClientEvent[] {
    const gateways = this.discovery
      .getProviders()
      .filter(({ metatype }) => metatype && Reflect.getMetadata(GATEWAY_METADATA, metatype) === true);
    return gateways.flatMap(({ instance }) => eventsOf(Object.getPrototypeOf(instance) as object));
  }
}

function eventsOf(prototype: object): ClientEvent[] {
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = (prototype as Record<string, unknown>)[name];
    if (typeof handler !== 'function') return [];
    const event = Reflect.getMetadata(MESSAGE_METADATA, handler) as string | undefined;
    const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as { name: string }[];
    return event ? [{ event, dto: types.at(-1)?.name }] : [];
  });
}
