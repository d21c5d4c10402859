import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const RAW_RESPONSE = 'talksy:raw-response';

/** Marks a controller or route whose body goes out as it is, without the house's envelope. */
export const Raw = (): CustomDecorator => SetMetadata(RAW_RESPONSE, true);
