/** What a reader wants to know of one variable, read from its Joi schema: `{name, meaning, fallback, values}`. */
export function variableFacts(name, schema) {
  const described = schema.describe();
  const meta = Object.assign({}, ...(described.metas ?? []));
  const fallback = meta.documentedDefault ?? described.flags?.default;
  return {
    name,
    meaning: described.flags.description,
    fallback: fallback === undefined ? '' : String(fallback),
    values: meta.documentedValues ?? valuesOf(name, described),
  };
}

function valuesOf(name, described) {
  if (described.flags?.only) return described.allow.map((value) => `\`${value}\``).join(', ');
  if (described.type === 'boolean') return '`true`, `false`';
  if (described.type !== 'number') return 'text';
  const limit = (rule) => described.rules.find(({ name: found }) => found === rule)?.args.limit;
  const unit = name.endsWith('_MS') ? 'milliseconds' : 'number';
  const [min, max] = [limit('min'), limit('max')];
  // The largest delay of a timer is a limit of the machine, not one that a reader must know.
  if (max === undefined || max === 2_147_483_647) return `${unit}, ${min} or more`;
  return `${unit}, ${min} to ${max}`;
}
