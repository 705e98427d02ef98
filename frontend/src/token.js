// Signing in again (in another tab) gives the session a new token, while an open page still holds the old one in its
// forms: the cookie always has the right one. Without this a long text would end on a refusal.
export function freshToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : null;
}

export function refreshToken(form) {
  const field = form.querySelector("input[name=csrfmiddlewaretoken]");
  const token = freshToken();
  if (field && token) field.value = token;
}

export function refreshTokensOnSubmit() {
  document.addEventListener("submit", (event) => refreshToken(event.target), true);
}
