#include "identity/letters.h"

#include <fmt/format.h>

namespace gatehouse::identity {
namespace {

bool is_portuguese(const std::string& language) {
  return language == "pt-BR";
}

mail::Letter letter(const std::string& to, const std::string& language, std::string subject) {
  return {.to = to, .language = is_portuguese(language) ? "pt-BR" : "en", .subject = std::move(subject)};
}

}  // namespace

mail::Letter reset_letter(const std::string& to, const std::string& language, const std::string& url) {
  if (is_portuguese(language)) {
    auto made = letter(to, language, "Defina uma nova senha");
    made.before = {
        "Alguém pediu uma nova senha para a sua conta no Gatehouse. O link vale por 30 minutos e uma única "
        "vez."};
    made.link = mail::Link{"Definir uma nova senha", url};
    made.after = {"Se não foi você, ignore esta mensagem: sua senha continua a mesma."};
    return made;
  }
  auto made = letter(to, language, "Set a new password");
  made.before = {
      "Somebody asked for a new password for your Gatehouse account. The link is good for 30 minutes, and "
      "once."};
  made.link = mail::Link{"Set a new password", url};
  made.after = {"If it was not you, ignore this message: your password stays as it is."};
  return made;
}

mail::Letter reset_letter_from(const std::string& to, const std::string& language, const std::string& url,
                               const std::string& organization) {
  auto made = reset_letter(to, language, url);
  made.before = {
      is_portuguese(language)
          ? fmt::format(
                "Quem administra {} enviou a você um link para definir uma nova senha no Gatehouse. O "
                "link vale por 30 minutos e uma única vez.",
                organization)
          : fmt::format(
                "An administrator of {} sent you a link to set a new password at Gatehouse. It is good "
                "for 30 minutes, and once.",
                organization)};
  return made;
}

mail::Letter sign_up_letter(const std::string& to, const std::string& language, const std::string& code) {
  if (is_portuguese(language)) {
    auto made = letter(to, language, "Seu código de confirmação");
    made.before = {
        "Digite este código para confirmar o seu endereço e continuar o cadastro no Gatehouse. Ele vale por "
        "30 minutos."};
    made.code = code;
    made.after = {"Se não foi você, ignore esta mensagem: nada foi criado."};
    return made;
  }
  auto made = letter(to, language, "Your confirmation code");
  made.before = {
      "Type this code to confirm your address and go on signing up to Gatehouse. It is good for 30 minutes."};
  made.code = code;
  made.after = {"If it was not you, ignore this message: nothing was made."};
  return made;
}

mail::Letter known_address_letter(const std::string& to, const std::string& language,
                                  const std::string& url) {
  if (is_portuguese(language)) {
    auto made = letter(to, language, "Você já tem uma conta");
    made.before = {
        "Alguém tentou se cadastrar no Gatehouse com este endereço, mas ele já tem uma conta. Entre com ela; "
        "se "
        "esqueceu a senha, peça uma nova na página de entrada."};
    made.link = mail::Link{"Entrar", url};
    made.after = {"Se não foi você, ignore esta mensagem: nada mudou."};
    return made;
  }
  auto made = letter(to, language, "You have an account already");
  made.before = {
      "Somebody tried to sign up to Gatehouse with this address, which has an account already. Sign in with "
      "it; if "
      "you forgot the password, ask for a new one on the sign-in page."};
  made.link = mail::Link{"Sign in", url};
  made.after = {"If it was not you, ignore this message: nothing has changed."};
  return made;
}

mail::Letter invitation_letter(const std::string& to, const std::string& language, const std::string& url,
                               const std::string& organization) {
  if (is_portuguese(language)) {
    auto made = letter(to, language, fmt::format("Convite para {}", organization));
    made.before = {fmt::format("Você foi convidado a entrar em {} no Gatehouse.", organization)};
    made.link = mail::Link{"Ver o convite", url};
    made.after = {"Se você não esperava este convite, ignore esta mensagem."};
    return made;
  }
  auto made = letter(to, language, fmt::format("Invitation to {}", organization));
  made.before = {fmt::format("You are invited to join {} at Gatehouse.", organization)};
  made.link = mail::Link{"Look at the invitation", url};
  made.after = {"If you did not expect this invitation, ignore this message."};
  return made;
}

}  // namespace gatehouse::identity
