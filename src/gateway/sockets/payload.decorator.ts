import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** The payload of an event. Not `@MessageBody`: the global pipe for HTTP bodies would check that one too. */
export const Payload = createParamDecorator((_options: unknown, context: ExecutionContext): unknown =>
  context.switchToWs().getData(),
);
