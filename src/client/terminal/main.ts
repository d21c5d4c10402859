import { runChat } from './run-chat.js';

const { stdin: input, stdout: output, stderr: errors } = process;
process.exitCode = await runChat({ input, output, errors }, process.argv.slice(2));
