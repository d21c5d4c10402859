import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Turns traces on, where the server is started with `node --import ./dist/otel.js dist/main.js`. Everything about them
 * is said by the OTEL_* variables of OpenTelemetry. Not part of an ordinary start, which it would slow down.
 */
new NodeSDK().start();
