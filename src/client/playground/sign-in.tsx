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
        <Field label="Email" type="email" autocomplete="username" value={email} onValue={setEmail} />
        <Field
          label="Password"
          type="password"
          autocomplete="current-password"
          describedBy="rule"
          value={password}
          onValue={setPassword}
        />
        <p id="rule" class="hint">
          8 to 72 bytes. The account lives on this server only.
        </p>
        {session.error && (
          <p class="problem" role="alert">
            {session.error}
          </p>
        )}
        <Choices isBusy={session.isBusy} />
      </form>
    </main>
  );
}

function Choices({ isBusy }: { isBusy: boolean }) {
  return (
    <div class="buttons">
      <button class="primary" value="register" disabled={isBusy}>
        Create account
      </button>
      <button value="sign-in" disabled={isBusy}>
        Sign in
      </button>
    </div>
  );
}

interface FieldProps {
  label: string;
  type: 'email' | 'password';
  autocomplete: string;
  describedBy?: string;
  value: string;
  onValue: (value: string) => void;
}

function Field({ label, type, autocomplete, describedBy, value, onValue }: FieldProps) {
  const rest = {
    autocomplete,
    required: true,
    'aria-describedby': describedBy,
    value,
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  };
  return (
    <label>
      {label}
      {type === 'email' ? (
        <input type="email" name="email" {...rest} />
      ) : (
        <input type="password" name="password" minLength={8} {...rest} />
      )}
    </label>
  );
}
