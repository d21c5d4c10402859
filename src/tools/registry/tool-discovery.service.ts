import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Tool } from '../tool.decorator.js';
import { ToolHandler } from '../tool.js';
import { ToolRegistry } from '../tool-registry.service.js';

/** Brings every provider with `@Tool()` into the registry, wherever its module is. */
@Injectable()
export class ToolDiscovery implements OnModuleInit {
  private readonly logger = new Logger(ToolDiscovery.name);

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly registry: ToolRegistry,
  ) {}

  /** Throws an Error for a tool that is none, so that the server does not start with it. */
  onModuleInit(): void {
    const names: string[] = [];
    for (const wrapper of this.discovery.getProviders({ metadataKey: Tool.KEY })) {
      const spec = this.discovery.getMetadataByDecorator(Tool, wrapper);
      const handler: unknown = wrapper.instance;
      if (!spec || !(handler instanceof ToolHandler)) throw new Error(`${wrapper.name} must extend ToolHandler`);
      if (!handler.enabled) continue;
      this.registry.register(spec, handler);
      names.push(spec.name);
    }
    this.logger.log(`tools: ${names.join(', ')}`);
  }
}
