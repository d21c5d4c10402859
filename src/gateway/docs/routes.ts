import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { GUARDS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DiscoveryService } from '@nestjs/core';
import { RAW_RESPONSE } from '../../common/raw.decorator.js';

type Handler = (...args: never[]) => unknown;
interface Prototype {
  constructor: { name: string };
}

/** What the code says of a route beside its path. */
export interface RouteFacts {
  /** The DTO of its query as a whole. */
  queryDto: string | undefined;
  /** Whether it asks who calls. */
  needsCredential: boolean;
  /** Whether its answer has the house's envelope. */
  isWrapped: boolean;
}

/** Looks at the controllers' own metadata, which the framework reads too. */
@Injectable()
export class Routes {
  constructor(private readonly discovery: DiscoveryService) {}

  /** By `<Controller>.<method>`. */
  facts(): Map<string, RouteFacts> {
    const found = new Map<string, RouteFacts>();
    for (const { instance, metatype } of this.discovery.getControllers()) {
      const prototype = Object.getPrototypeOf(instance) as Prototype;
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const handler = (prototype as unknown as Record<string, Handler>)[name];
        if (!handler || !metatype || name === 'constructor') continue;
        found.set(`${prototype.constructor.name}.${name}`, factsOf(metatype, prototype, name, handler));
      }
    }
    return found;
  }
}

function factsOf(controller: object, prototype: object, name: string, handler: Handler): RouteFacts {
  const guards = [controller, handler].flatMap(
    (target) => (Reflect.getMetadata(GUARDS_METADATA, target) as { name?: string }[] | undefined) ?? [],
  );
  const raw = (Reflect.getMetadata(RAW_RESPONSE, handler) ?? Reflect.getMetadata(RAW_RESPONSE, controller)) as unknown;
  return {
    queryDto: queryDtoOf(controller, prototype, name),
    needsCredential: guards.some((guard) => /Auth|SignIn|Roles/.test(guard.name ?? '')),
    isWrapped: raw !== true,
  };
}

function queryDtoOf(controller: object, prototype: object, name: string): string | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as { name: string }[];
  const query = Object.entries(args).find(
    ([key, { data }]) => key.startsWith(`${RouteParamtypes.QUERY}:`) && data === undefined,
  );
  return query && types[query[1].index]?.name;
}
