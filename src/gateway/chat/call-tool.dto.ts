import { IsObject, IsOptional } from 'class-validator';

/** Body of `POST /api/tools/:name/call`. What `parameters` may be is the tool's own affair. */
export class CallToolBody {
  @IsOptional()
  @IsObject({ message: 'parameters must be an object' })
  parameters?: Record<string, unknown>;
}
