//! Access tokens (OAuth 2.0, RFC 6749), and how IMAP is shown one.

use std::path::Path;

use async_imap::Authenticator;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::failure::{Failure, Outcome};
use super::patience::Patience;
use super::trust;
use crate::connector::source::credentials::Secret;
use crate::model::OauthClient;

/// Bytes of the longest answer that is read.
const LONGEST_ANSWER: usize = 256 << 10;

/// Characters of a provider's explanation that are passed on.
const LONGEST_EXPLANATION: usize = 300;

/// What a token endpoint grants (RFC 6749 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

/// Why it does not (RFC 6749 5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// A new access token. `secret` is that of the client; a second line is a refresh token.
pub(super) async fn access_token(
    client: &OauthClient,
    secret: &Secret,
    ca_file: Option<&Path>,
    patience: &Patience,
) -> Outcome<Zeroizing<String>> {
    let (own, refresh) = match secret.expose().split_once('\n') {
        Some((own, refresh)) => (own.trim(), Some(refresh.trim())),
        None => (secret.expose(), None),
    };
    let mut form = vec![("client_id", client.client_id.as_str()), ("client_secret", own)];
    match refresh {
        Some(token) => form.extend([("grant_type", "refresh_token"), ("refresh_token", token)]),
        None => form.push(("grant_type", "client_credentials")),
    }
    form.extend(client.scope.as_deref().map(|scope| ("scope", scope)));
    let request = trust::http(ca_file, patience)?.post(&client.token_url).form(&form);
    let of_endpoint =
        |failure: Failure| Failure { reason: format!("`{}`: {}", client.token_url, failure.reason), ..failure };
    let answer = patience.to_answer(async { Ok(request.send().await?) }).await;
    let mut response = answer.map_err(of_endpoint)?;
    let status = response.status();
    let mut answer = Zeroizing::new(Vec::new());
    while let Some(chunk) = patience.to_answer(async { Ok(response.chunk().await?) }).await? {
        answer.extend_from_slice(&chunk);
        if answer.len() > LONGEST_ANSWER {
            return Err(Failure::lasting(format!("`{}` answers with more than a token", client.token_url)));
        }
    }
    if status.is_success() {
        let granted: Result<Granted, _> = serde_json::from_slice(&answer);
        return granted.map(|granted| Zeroizing::new(granted.access_token)).map_err(|_| no_token(client));
    }
    if status.is_server_error() || status.as_u16() == 429 {
        return Err(Failure::transient(format!("the token endpoint is busy or failed ({status})")).concerning(true));
    }
    let why = match serde_json::from_slice::<Refused>(&answer) {
        Ok(refused) => {
            without(&format!("{} {}", refused.error, refused.error_description), &[own, refresh.unwrap_or_default()])
        }
        Err(_) => status.to_string(),
    };
    let why: String =
        why.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_EXPLANATION).collect();
    Err(Failure::lasting(format!(
        "`{}` grants no token: {why}; check --client-id, --scope and the secret, which is that of the client, with a \
         refresh token in a second line if a user agreed",
        client.token_url
    ))
    .concerning(true))
}

/// What a server says, without the secrets that it was sent.
fn without(text: &str, secrets: &[&str]) -> String {
    let known = secrets.iter().filter(|secret| !secret.is_empty());
    known.fold(text.to_owned(), |text, secret| text.replace(*secret, "***"))
}

fn no_token(client: &OauthClient) -> Failure {
    Failure::lasting(format!(
        "`{}` answers in a way that is no token; is it the address of a token endpoint?",
        client.token_url
    ))
    .concerning(true)
}

/// Shows IMAP a token, by the mechanism XOAUTH2 that Microsoft and Google have in common.
pub(super) struct Bearer {
    said: Option<Zeroizing<String>>,
}

impl Bearer {
    /// The name of the mechanism.
    pub(super) const MECHANISM: &str = "XOAUTH2";

    pub(super) fn new(user: &str, token: &str) -> Self {
        Self { said: Some(Zeroizing::new(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))) }
    }
}

impl Authenticator for Bearer {
    type Response = Zeroizing<String>;

    /// The token first; a second question only says that it was refused, and is answered by nothing.
    fn process(&mut self, _: &[u8]) -> Self::Response {
        self.said.take().unwrap_or_default()
    }
}
