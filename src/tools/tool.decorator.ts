import { DiscoveryService } from '@nestjs/core';
import type { ToolSpec } from './tool.js';

/** Makes a provider that extends ToolHandler a tool: the registry finds it at start, wherever its module is. */
export const Tool = DiscoveryService.createDecorator<ToolSpec>();
