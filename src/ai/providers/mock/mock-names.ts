/** Names that always mean the mock. */
export const isMockName = (model: string): boolean => model === 'mock' || model.startsWith('mock-');

/** Names that mean the mock while it is the provider, so that foreign clients need no change. */
export const isMockAlias = (model: string): boolean => isMockName(model) || model.startsWith('gpt-');
