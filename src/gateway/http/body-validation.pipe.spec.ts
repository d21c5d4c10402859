import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { bodyValidationPipe } from './body-validation.pipe.js';

class Inner {
  @IsString({ message: 'name must be a text' })
  name!: string;
}

class Outer {
  @ValidateNested()
  @Type(() => Inner)
  inner!: Inner;
}

describe('Talksy, checking a body,', () => {
  const pipe = bodyValidationPipe();

  it('names the whole way to a nested field', async () => {
    await expect(pipe.transform({ inner: { name: 7 } }, { type: 'body', metatype: Outer })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'name must be a text',
      details: [{ field: 'inner.name', message: 'name must be a text' }],
    });
  });

  it('drops what nobody asked for', async () => {
    const body = await pipe.transform(
      { inner: { name: 'a', role: 'admin' }, more: 1 },
      { type: 'body', metatype: Outer },
    );
    expect(body).toEqual({ inner: { name: 'a' } });
  });

  it('calls the whole by its name', async () => {
    const metadata = { type: 'body', metatype: Outer } as const;
    await expect(pipe.transform(undefined, metadata)).rejects.toThrow(/^body must be a JSON object, sent with/);
    await expect(bodyValidationPipe('payload').transform(undefined, metadata)).rejects.toThrow(
      'payload must be a JSON object',
    );
  });

  it('leaves bodies without a class, and other arguments, alone', async () => {
    expect(await pipe.transform([1], { type: 'body', metatype: Object })).toEqual([1]);
    expect(await pipe.transform('x', { type: 'param', metatype: String, data: 'id' })).toBe('x');
  });
});
