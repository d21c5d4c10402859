import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { bodyValidationPipe } from '../http/body-validation.pipe.js';

/** Checks what `@Payload()` gives against its DTO. No payload at all is an empty one. */
@Injectable()
export class SocketPayloadPipe implements PipeTransform {
  private readonly pipe = bodyValidationPipe('payload');

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return this.pipe.transform(value === undefined ? {} : value, { ...metadata, type: 'body' });
  }
}
