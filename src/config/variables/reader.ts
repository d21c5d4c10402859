import type Joi from 'joi';

/** The variables as Joi returns them: checked, converted, defaults filled in. */
export type Settings = Readonly<Record<string, unknown>>;

type Variables = Record<string, Joi.Schema>;

/** Gives the value of one variable of a group; a name outside the group does not compile. */
export type Read<V extends Variables> = <T>(name: keyof V & string) => T;

/** Narrows the settings to one group, so that its slice reads only what it declares. */
export function readerOf<V extends Variables>(_group: V, settings: Settings): Read<V> {
  return <T>(name: keyof V & string) => settings[name] as T;
}
