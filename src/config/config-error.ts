/** A configuration that cannot work. `message` is one line that names the variable and says how to mend it. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}
