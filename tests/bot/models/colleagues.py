"""Threads as colleagues write them, in four languages, with what a reader finds in them."""

from dataclasses import dataclass

from dialogs.talk import Post
from tests.dialogs.desk import thread


@dataclass(frozen=True, slots=True)
class Case:
    """A thread, and openings of what is decided, to be done (by whom, until when) and open in it; nothing else is."""

    name: str
    posts: tuple[Post, ...]
    decisions: tuple[str, ...]
    actions: tuple[tuple[str, str | None, str | None], ...]
    questions: tuple[str, ...] = ()


ENGLISH = (
    Case(
        "english release",
        thread(
            ("Maria Lopez", "Hi all, where are we with release 4.2?"),
            ("Tom Becker", "The regression suite is green except for two payment tests on Safari."),
            ("Priya Shah", "Those two have been flaky since the browser update in October."),
            ("Maria Lopez", "Could we ship without them, or is that a risk for the checkout?"),
            ("Tom Becker", "The risk is small, Safari is four percent of our traffic."),
            ("Maria Lopez", "Ok, let's go with the release on Thursday and mark the Safari tests as known issues."),
            ("Priya Shah", "Works for me."),
            ("Tom Becker", "Agreed 👍"),
            ("Priya Shah", "I'll write the release notes by Wednesday."),
            ("Maria Lopez", "Tom, can you tell support about the known issues?"),
            ("Tom Becker", "Sure, I can do that tomorrow."),
            ("Priya Shah", "We need to renew the signing certificate by Friday, it expires at the weekend."),
            ("Tom Becker", "If we decided to skip the release, nobody would notice before December."),
            ("Maria Lopez", "Who has the password of the staging vault?"),
        ),
        decisions=("let's go with the release on Thursday",),
        actions=(
            ("I'll write the release notes", "Priya Shah", "Wednesday"),
            ("Tom, can you tell support", "Tom Becker", "tomorrow"),
            ("We need to renew the signing certificate", None, "Friday"),
        ),
        questions=("Who has the password of the staging vault?",),
    ),
    Case(
        "english office",
        thread(
            ("Grace Kim", "The landlord answered: we can have the third floor from 1 February."),
            ("Omar Haddad", "How many desks fit in there?"),
            ("Grace Kim", "Forty two desks and three small meeting rooms."),
            ("Lena Fischer", "I suggest we keep the second floor for the sales team until summer."),
            ("Omar Haddad", "Good idea, they have just set up their phones."),
            ("Grace Kim", "Decision: engineering moves to the third floor, sales stays on the second."),
            ("Lena Fischer", "Can someone ask the movers for a quote?"),
            ("Omar Haddad", "I'll do it, I know them from last year. You'll have it by Monday."),
            ("Grace Kim", "@Lena Fischer please order the carpets before the end of the month."),
            ("Lena Fischer", "Will do."),
            ("Omar Haddad", "I'll be on holiday in the week of the move, sadly."),
            ("Lena Fischer", "It is still open whether we get our own kitchen."),
        ),
        decisions=("I suggest we keep the second floor", "Decision: engineering moves"),
        actions=(
            ("Can someone ask the movers", "Omar Haddad", "Monday"),
            ("@Lena Fischer please order the carpets", "Lena Fischer", "before the end of the month"),
        ),
        questions=("It is still open whether we get our own kitchen",),
    ),
    Case(
        "english incident",
        thread(
            ("Sam Okoro", "Checkout is slow again, p99 is at nine seconds since 14:20."),
            ("Yuki Tanaka", "The read replica in Frankfurt is lagging by four minutes."),
            ("Sam Okoro", "Should we fail over to Dublin?"),
            ("Yuki Tanaka", "Yes, the replica there is healthy."),
            ("Ines Costa", "No objection from the data team."),
            ("Sam Okoro", "Failover done, latency is back to normal."),
            ("Ines Costa", "Why did the alert for the replica lag not fire?"),
            ("Yuki Tanaka", "Because the threshold was set to ten minutes in the old dashboard."),
            ("Ines Costa", "Yuki will lower the threshold to one minute by tomorrow morning."),
            ("Yuki Tanaka", "Yep."),
            ("Sam Okoro", "Shall we freeze all deployments until Monday?"),
            ("Ines Costa", "No, the marketing launch needs two of them."),
            ("Sam Okoro", "Ines, could you look at the costs of a third replica?"),
            ("Ines Costa", "Sorry, no time this week."),
        ),
        decisions=("Should we fail over to Dublin?",),
        actions=(("Yuki will lower the threshold", "Yuki Tanaka", "tomorrow morning"),),
    ),
)

GERMAN = (
    Case(
        "german messe",
        thread(
            ("Jana Vogel", "Guten Morgen zusammen, wir müssen heute über den Messestand in Hannover sprechen."),
            ("Kai Brandt", "Der Veranstalter bietet uns 40 Quadratmeter in Halle 7 für 12.800 Euro an."),
            ("Jana Vogel", "Letztes Jahr standen wir in Halle 5, da war deutlich weniger los."),
            ("Mira Scholz", "Halle 7 liegt direkt am Eingang, das ist für die Vorführungen besser."),
            ("Jana Vogel", "Wir haben beschlossen, den Stand in Halle 7 zu nehmen."),
            ("Kai Brandt", "Ich schicke dem Veranstalter bis Freitag die Zusage."),
            ("Mira Scholz", "Kai, kannst du bitte auch nach Strom und Wasser fragen?"),
            ("Kai Brandt", "Klar, mache ich morgen."),
            ("Jana Vogel", "Über die Farbe des Teppichs haben wir noch nicht entschieden."),
            ("Mira Scholz", "Wer übernimmt die Standbetreuung am Wochenende?"),
            ("Kai Brandt", "Ich bin in der Woche leider im Urlaub."),
        ),
        decisions=("Wir haben beschlossen, den Stand in Halle 7",),
        actions=(
            ("Ich schicke dem Veranstalter", "Kai Brandt", "Freitag"),
            ("Kai, kannst du bitte auch nach Strom", "Kai Brandt", "morgen"),
        ),
        questions=("Über die Farbe des Teppichs", "Wer übernimmt die Standbetreuung"),
    ),
    Case(
        "german datenbank",
        thread(
            ("Uwe Krämer", "Die Migration der Kundendatenbank ist zu 80 Prozent fertig."),
            ("Selin Aydin", "Bei den Rechnungen aus 2019 fehlen noch die Steuernummern."),
            ("Uwe Krämer", "Wie viele Datensätze sind das?"),
            ("Selin Aydin", "Ungefähr 3.400, alle aus dem alten Shop."),
            ("Petra Lindner", "Ich schlage vor, dass wir die alten Rechnungen nur archivieren und nicht umziehen."),
            ("Uwe Krämer", "Einverstanden, das spart uns zwei Wochen."),
            ("Selin Aydin", "Klingt gut."),
            ("Petra Lindner", "Selin kümmert sich um das Archiv, bis zum 3. Dezember sollte es stehen."),
            ("Uwe Krämer", "Wir müssen die Testdaten bis Mittwoch löschen, sonst meckert der Datenschutz."),
            ("Petra Lindner", "Jemand müsste noch die Dokumentation im Wiki aktualisieren."),
            ("Selin Aydin", "Das mache ich, am Donnerstag habe ich Zeit."),
            ("Uwe Krämer", "Ich werde nächste Woche im Homeoffice sein."),
            ("Petra Lindner", "Ob wir den alten Server behalten, ist noch offen."),
        ),
        decisions=("Ich schlage vor, dass wir die alten Rechnungen",),
        actions=(
            ("Selin kümmert sich um das Archiv", "Selin Aydin", "3. Dezember"),
            ("Wir müssen die Testdaten bis Mittwoch löschen", None, "Mittwoch"),
            ("Jemand müsste noch die Dokumentation", "Selin Aydin", "Donnerstag"),
        ),
        questions=("Ob wir den alten Server behalten",),
    ),
    Case(
        "german kantine",
        thread(
            ("Heike Sommer", "Die Kantine wird im März umgebaut, wir brauchen vier Wochen lang einen Ersatz."),
            ("Bernd Wolf", "Der Foodtruck vom Sommerfest wäre verfügbar, kostet aber 900 Euro am Tag."),
            ("Aylin Demir", "Alternativ gibt es Essensgutscheine für die Restaurants in der Umgebung."),
            ("Heike Sommer", "Dann nehmen wir die Gutscheine, das ist für alle am einfachsten."),
            ("Bernd Wolf", "Passt."),
            ("Aylin Demir", "Der Betriebsrat hat die Gutscheine gestern genehmigt."),
            ("Heike Sommer", "Bernd, könntest du bis Montag die Liste der Restaurants zusammenstellen?"),
            ("Bernd Wolf", "Ja, kein Problem."),
            ("Aylin Demir", "Wenn wir uns auf einen Lieferdienst geeinigt hätten, wäre es billiger gewesen."),
            ("Aylin Demir", "Wie lange gelten die Gutscheine nach dem Umbau?"),
        ),
        decisions=("Dann nehmen wir die Gutscheine", "Der Betriebsrat hat die Gutscheine gestern genehmigt"),
        actions=(("Bernd, könntest du bis Montag", "Bernd Wolf", "Montag"),),
        questions=("Wie lange gelten die Gutscheine",),
    ),
)

FRENCH = (
    Case(
        "french budget",
        thread(
            ("Claire Dubois", "Bonjour à tous, je voudrais boucler le budget de la formation cette semaine."),
            ("Hugo Martin", "Le devis du prestataire est de 8 600 euros pour deux groupes de douze personnes."),
            ("Léa Petit", "L'année dernière nous avions payé 7 900 euros pour la même chose."),
            ("Claire Dubois", "On a décidé de garder les deux groupes et de négocier le prix."),
            ("Hugo Martin", "Je contacte le prestataire demain pour demander une remise."),
            ("Claire Dubois", "Léa, peux-tu réserver la grande salle avant vendredi ?"),
            ("Léa Petit", "Oui, bien sûr."),
            ("Hugo Martin", "Il faut envoyer la liste des participants pour le 2 décembre."),
            ("Léa Petit", "On n'a pas encore décidé qui animera la deuxième journée."),
            ("Hugo Martin", "Qui s'occupe des ordinateurs portables ?"),
        ),
        decisions=("On a décidé de garder les deux groupes",),
        actions=(
            ("Je contacte le prestataire demain", "Hugo Martin", "demain"),
            ("Léa, peux-tu réserver la grande salle", "Léa Petit", "avant vendredi"),
            ("Il faut envoyer la liste des participants", None, "2 décembre"),
        ),
        questions=("On n'a pas encore décidé qui animera", "Qui s'occupe des ordinateurs portables ?"),
    ),
    Case(
        "french site",
        thread(
            ("Nadia Benali", "La nouvelle page d'accueil est prête, il reste le choix de la photo."),
            ("Paul Roche", "Je propose de prendre la photo de l'atelier, elle est plus chaleureuse."),
            ("Émilie Garnier", "Bonne idée, elle montre notre métier."),
            ("Nadia Benali", "Ça me va."),
            ("Paul Roche", "Quelqu'un peut relire les textes en anglais ?"),
            ("Émilie Garnier", "Je m'en occupe, ce sera fait jeudi."),
            ("Nadia Benali", "Paul va corriger les liens cassés d'ici lundi."),
            ("Paul Roche", "D'accord."),
            ("Nadia Benali", "On pourrait ajouter un formulaire de contact en bas de la page."),
            ("Paul Roche", "Je ne suis pas convaincu, on reçoit déjà trop de messages."),
            ("Émilie Garnier", "Quelle adresse affiche-t-on pour le service client ?"),
        ),
        decisions=("Je propose de prendre la photo de l'atelier",),
        actions=(
            ("Quelqu'un peut relire les textes en anglais", "Émilie Garnier", "jeudi"),
            ("Paul va corriger les liens cassés", "Paul Roche", "lundi"),
        ),
        questions=("Quelle adresse affiche-t-on",),
    ),
    Case(
        "french recrutement",
        thread(
            ("Sophie Laurent", "Nous avons reçu onze candidatures pour le poste de chef de projet."),
            ("Karim Haddad", "Trois profils me semblent solides, dont une candidate de Lyon."),
            ("Julie Morel", "La candidate de Lyon demande deux jours de télétravail par semaine."),
            ("Sophie Laurent", "Est-ce que la direction accepte le télétravail pour ce poste ?"),
            ("Karim Haddad", "Oui, la direction accepte jusqu'à deux jours de télétravail."),
            ("Sophie Laurent", "Nous avons convenu de la recevoir la semaine prochaine."),
            ("Julie Morel", "Je prépare les questions de l'entretien pour mardi."),
            ("Sophie Laurent", "Karim, merci de réserver un billet de train pour elle."),
            ("Karim Haddad", "Ça marche."),
            ("Julie Morel", "Si on avait décidé plus tôt, elle serait déjà là."),
            ("Karim Haddad", "Je vais être absent vendredi après-midi."),
        ),
        decisions=("Nous avons convenu de la recevoir",),
        actions=(
            ("Je prépare les questions de l'entretien", "Julie Morel", "mardi"),
            ("Karim, merci de réserver un billet de train", "Karim Haddad", None),
        ),
    ),
)

SPANISH = (
    Case(
        "spanish almacén",
        thread(
            ("Carmen Ruiz", "Buenos días, el almacén de Zaragoza está al noventa por ciento de su capacidad."),
            ("Diego Torres", "Los pedidos de Navidad llegan a partir del lunes y no caben todos."),
            ("Lucía Navarro", "Hay una nave libre a tres kilómetros por 2.300 euros al mes."),
            ("Carmen Ruiz", "Hemos decidido alquilar la nave durante tres meses."),
            ("Diego Torres", "Yo me encargo de revisar el contrato antes del jueves."),
            ("Carmen Ruiz", "Lucía, ¿puedes hablar con el transportista mañana?"),
            ("Lucía Navarro", "Claro."),
            ("Diego Torres", "Tenemos que hacer el inventario para el viernes."),
            ("Lucía Navarro", "Todavía no hemos decidido quién abre los sábados."),
            ("Carmen Ruiz", "¿Cuántas carretillas necesitamos en la nave nueva?"),
        ),
        decisions=("Hemos decidido alquilar la nave",),
        actions=(
            ("Yo me encargo de revisar el contrato", "Diego Torres", "antes del jueves"),
            ("Lucía, ¿puedes hablar con el transportista", "Lucía Navarro", "mañana"),
            ("Tenemos que hacer el inventario", None, "viernes"),
        ),
        questions=("Todavía no hemos decidido quién abre", "¿Cuántas carretillas necesitamos"),
    ),
    Case(
        "spanish campaña",
        thread(
            ("Elena Vidal", "La agencia ha enviado dos propuestas para la campaña de primavera."),
            ("Javier Soto", "La primera usa ilustraciones y la segunda fotografías de clientes reales."),
            ("Marta Gil", "Propongo usar las fotografías, funcionaron muy bien el año pasado."),
            ("Elena Vidal", "De acuerdo."),
            ("Javier Soto", "Me parece bien."),
            ("Marta Gil", "¿Alguien puede pedir los permisos de imagen a los clientes?"),
            ("Javier Soto", "Lo hago yo, los tendréis el miércoles."),
            ("Elena Vidal", "Marta prepara el calendario de publicaciones para el 15 de enero."),
            ("Marta Gil", "Vale."),
            ("Elena Vidal", "Podríamos anunciarla también en la radio local."),
            ("Javier Soto", "No me convence, es caro y llega a poca gente."),
            ("Marta Gil", "¿Qué presupuesto tenemos para los vídeos?"),
        ),
        decisions=("Propongo usar las fotografías",),
        actions=(
            ("¿Alguien puede pedir los permisos", "Javier Soto", "miércoles"),
            ("Marta prepara el calendario de publicaciones", "Marta Gil", "15 de enero"),
        ),
        questions=("¿Qué presupuesto tenemos para los vídeos?",),
    ),
    Case(
        "spanish servidor",
        thread(
            ("Andrés Molina", "El servidor de correo se ha caído dos veces esta semana."),
            ("Nuria Campos", "Los registros muestran que el disco se llena con los adjuntos antiguos."),
            ("Andrés Molina", "¿Ampliamos el disco o borramos los adjuntos de más de cinco años?"),
            ("Raúl Ortega", "Borrar es más barato, pero el departamento legal tiene que dar permiso."),
            ("Nuria Campos", "Legal acaba de contestar: se puede borrar lo anterior a 2018."),
            ("Andrés Molina", "Entonces acordamos borrar los adjuntos anteriores a 2018."),
            ("Raúl Ortega", "Prepararé la copia de seguridad hoy."),
            ("Andrés Molina", "Nuria, por favor avisa a los usuarios antes del domingo."),
            ("Nuria Campos", "Hecho."),
            ("Raúl Ortega", "Voy a estar de guardia el fin de semana."),
            ("Nuria Campos", "Si hubiéramos decidido ampliar el disco, tardaríamos un mes."),
        ),
        decisions=("Entonces acordamos borrar los adjuntos",),
        actions=(
            ("Prepararé la copia de seguridad", "Raúl Ortega", "hoy"),
            ("Nuria, por favor avisa a los usuarios", "Nuria Campos", "antes del domingo"),
        ),
    ),
)

JAPANESE = (
    Case(
        "japanese release",
        thread(
            ("田中 太郎", "お疲れ様です。リリース4.2の状況を教えてください。"),
            ("佐藤 花子", "回帰テストは決済の2件を除いてすべて成功しています。"),
            ("鈴木 健", "その2件は10月のブラウザー更新から不安定です。"),
            ("田中 太郎", "決済テストは既知の問題として、木曜日にリリースしませんか？"),
            ("鈴木 健", "賛成です。"),
            ("佐藤 花子", "問題ありません。"),
            ("佐藤 花子", "リリースノートは水曜日までに作成します。"),
            ("田中 太郎", "鈴木さん、サポート部門に既知の問題を明日までに連絡してください。"),
            ("鈴木 健", "承知しました。"),
            ("田中 太郎", "会場については、大阪のホールに決定しました。"),
            ("佐藤 花子", "予算が決まっていないので、印刷の発注はまだできません。"),
            ("鈴木 健", "誰か、署名用の証明書の更新をお願いします。"),
            ("佐藤 花子", "私が金曜日までに対応します。"),
            ("田中 太郎", "検証環境のパスワードを知っているのはどなたですか？"),
        ),
        decisions=("決済テストは既知の問題として、木曜日にリリース", "会場については、大阪のホールに決定しました"),
        actions=(
            ("リリースノートは", "佐藤 花子", "水曜日"),
            ("鈴木さん、サポート部門に", "鈴木 健", "明日"),
            ("誰か、署名用の証明書", "佐藤 花子", "金曜日"),
        ),
        questions=("予算が決まっていないので", "検証環境のパスワードを知っているのは"),
    ),
)

CASES = (*ENGLISH, *GERMAN, *FRENCH, *SPANISH, *JAPANESE)
