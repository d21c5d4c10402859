import { variableFacts } from './variable-facts.mjs';

const HEAD = `# Configuration

<!-- Written by \`npm run generate\` from src/config/variables: do not edit. -->

Talksy is configured by environment variables, and by a file \`.env\` in the working folder, if there is one (variables of
the environment win). A variable that is set but empty counts as unset. A bad value stops the server at start with one
line that names the variable; a name that looks like a misspelt one of these is reported at start.
`;

/** The text of docs/CONFIG.md: one table for each group of variables. */
export function configPage(groups) {
  return [HEAD, ...groups.map(section)].join('\n');
}

function section({ title, variables }) {
  const rows = Object.entries(variables).map(([name, schema]) => {
    const { meaning, fallback, values } = variableFacts(name, schema);
    return `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${values} | ${meaning} |`;
  });
  return [`## ${title}\n`, '| variable | default | values | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
