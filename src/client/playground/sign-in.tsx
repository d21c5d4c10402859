import { useState } from 'preact/hooks';
import type { Session } from './session.js';

/** The first thing that a newcomer sees. */
export function SignIn({ session }: { session: Session }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const isNew = (event.submitter as HTMLButtonElement | null)?.value !== 'sign-in';
    const signIn = { email, password };
    void (isNew ? session.register(signIn) : session.signIn(signIn));
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit} aria-describedby="promise">
        <img src="/playground/icon.svg" alt="" width="44" height="44" />
        <h1>Talksy playground</h1>
        <p id="promise">An answer, once started, is never lost, doubled or garbled. Cut the connection and see.</p>
        <label>
          Email
          <input
            type="email"
            name="email"
            autocomplete="username"
            required
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            minLength={8}
            aria-describedby="rule"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <p id="rule" class="hint">
          8 to 72 bytes. The account lives on this server only.
        </p>
        {session.error && (
          <p class="problem" role="alert">
            {session.error}
          </p>
        )}
        <div class="buttons">
          <button class="primary" value="register" disabled={session.isBusy}>
            Create account
          </button>
          <button value="sign-in" disabled={session.isBusy}>
            Sign in
          </button>
        </div>
      </form>
    </main>
  );
}
