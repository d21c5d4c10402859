import type Joi from 'joi';
import type { VendorConfig } from '../config.js';
import { VENDOR_NAMES, type VendorName, VENDORS } from '../vendors.js';
import { httpUrl, text } from './kinds.js';
import { type Settings, readerOf } from './reader.js';

const prefixOf = (name: VendorName): string => name.toUpperCase();

/** How each vendor is reached, and which of its models answers. */
export const vendorVariables: Record<string, Joi.Schema> = Object.fromEntries(
  VENDOR_NAMES.flatMap((name) => {
    const { title, model, elsewhere } = VENDORS[name];
    const prefix = prefixOf(name);
    return [
      [
        `${prefix}_API_KEY`,
        text().description(`Key for ${title}. Needed to have it answer, unless \`${prefix}_BASE_URL\` is set.`),
      ],
      [`${prefix}_BASE_URL`, httpUrl().description(`Another server that speaks ${elsewhere}.`)],
      [`${prefix}_MODEL`, text().default(model).description(`Model asked for at ${title}.`)],
    ];
  }),
);

/** What the providers need, vendor by vendor. */
export function vendorSlices(settings: Settings): Record<VendorName, VendorConfig> {
  const read = readerOf(vendorVariables, settings);
  const slices = VENDOR_NAMES.map((name) => {
    const prefix = prefixOf(name);
    const slice = {
      apiKey: read(`${prefix}_API_KEY`),
      baseUrl: read(`${prefix}_BASE_URL`),
      model: read(`${prefix}_MODEL`),
    };
    return [name, slice] as const;
  });
  return Object.fromEntries(slices) as Record<VendorName, VendorConfig>;
}
