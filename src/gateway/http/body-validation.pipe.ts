import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type ErrorDetail, TalksyError } from '../../common/errors/talksy-error.js';
import { MAX_PAYLOAD_DEPTH, plainPayload } from './plain-payload.js';
import { rememberValidationMetadata } from './validation-metadata.js';

/** Checks bodies that have a DTO class; bodies without one (foreign protocols) pass as they are. */
class BodyValidationPipe extends ValidationPipe {
  constructor(private readonly subject: string) {
    super({ whitelist: true, transform: true, stopAtFirstError: true, exceptionFactory });
    rememberValidationMetadata();
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && this.toValidate(metadata)) this.requirePlain(value);
    return super.transform(value, metadata);
  }

  private requirePlain(value: unknown): void {
    if (value === undefined && this.subject === 'body') {
      throw new TalksyError('VALIDATION_ERROR', 'body must be a JSON object, sent with Content-Type: application/json');
    }
    plainPayload(value, MAX_PAYLOAD_DEPTH, this.subject);
  }
}

/**
 * The pipe for all routes and events: unknown fields are dropped, the first field at fault is named, all are listed.
 * `subject` is what messages call the whole: `body` over HTTP, `payload` over sockets.
 */
export function bodyValidationPipe(subject: 'body' | 'payload' = 'body'): ValidationPipe {
  return new BodyValidationPipe(subject);
}

function exceptionFactory(errors: ValidationError[]): TalksyError {
  const details = errors.flatMap((error) => detailsOf(error, ''));
  return new TalksyError('VALIDATION_ERROR', details[0]?.message, { details });
}

// Recursion is safe: errors go no deeper than the DTO classes nest.
function detailsOf(error: ValidationError, parent: string): ErrorDetail[] {
  const field = parent + error.property;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => detailsOf(child, `${field}.`))];
}
