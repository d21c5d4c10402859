import { variableFacts } from './variable-facts.mjs';

const HEAD = `# Every variable of Talksy with its default. Written by \`npm run generate\` from src/config/variables: do not edit.
# Copy this file to .env and uncomment what you need: the server and \`docker compose\` read it there. Variables of
# the environment win over the file; one that is set but empty counts as unset.
`;

/** The text of `.env.example`: each variable commented out, with its meaning above it. */
export function envExample(groups) {
  return [HEAD, ...groups.map(section)].join('\n');
}

function section({ title, variables }) {
  const entries = Object.entries(variables).map(([name, schema]) => {
    const { meaning, fallback } = variableFacts(name, schema);
    return `# ${meaning}\n# ${name}=${fallback}\n`;
  });
  return [`# --- ${title} ---\n`, ...entries].join('\n');
}
