/** What the configuration must know of a vendor; its variables are named after it: `OPENAI_API_KEY` and so on. */
interface Vendor {
  title: string;
  /** The model asked for where no variable names one. */
  model: string;
  /** What its `…_BASE_URL` is for. */
  elsewhere: string;
}

const vendors = {
  openai: { title: 'OpenAI', model: 'gpt-5-mini', elsewhere: 'the OpenAI API, such as vLLM or Ollama' },
  groq: { title: 'Groq', model: 'openai/gpt-oss-20b', elsewhere: 'the Groq API (its paths begin with /openai/v1)' },
} satisfies Record<string, Vendor>;

export type VendorName = keyof typeof vendors;
export type ProviderName = 'mock' | VendorName;

/** Every vendor. A further one is a line above and a file `src/ai/providers/<name>.provider.ts`. */
export const VENDORS: Readonly<Record<VendorName, Vendor>> = vendors;
export const VENDOR_NAMES = Object.keys(vendors) as readonly VendorName[];
export const PROVIDER_NAMES: readonly ProviderName[] = ['mock', ...VENDOR_NAMES];
