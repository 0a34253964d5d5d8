//! What the app writes of deletions, edits and delays, in all its languages; texts are separated by `|`.

/// Deleted by its sender, or by the person who exported the chat.
pub(in super::super) const DELETED: &str = "\
    Hierdie boodskap was uitgevee|Jy het boodskap uitgevee|تم حذف هذه الرسالة|أنت حذفت هذه الرسالة|\
    Bu ismarıc silindi|Siz bu ismarıcı sildiniz|Съобщението беше изтрито|Изтрихте това съобщение|\
    এই বার্তাটি মুছে ফেলা হয়েছে|আপনি এই বার্তাটি মুছে ফেলেছেন|Aquest missatge està esborrat|\
    Has esborrat aquest missatge|Tato zpráva byla odstraněna|Tuto zprávu jste odstranil/a|\
    Denne besked blev slettet|Du slettede denne besked|Diese Nachricht wurde gelöscht|\
    Du hast diese Nachricht gelöscht|Αυτό το μήνυμα διαγράφηκε|Διαγράψατε αυτό το μήνυμα|Message deleted|\
    This message was deleted|You deleted this message|Este mensaje fue eliminado|Eliminaste este mensaje|\
    See sõnum on kustutatud|Kustutasid selle sõnumi|این پیام حذف شد|شما این پیام را حذف کردید|\
    Tämä viesti poistettiin|Poistit tämän viestin|Ce message a été supprimé|Vous avez supprimé ce message|\
    આ સંદેશ રદ્દ કરાયો|તમે આ સંદેશને રદ્દ કર્યો|הודעה זו נמחקה|מחקת הודעה זו|यह संदेश मिटाया गया|\
    आपने यह संदेश मिटाया|Ova poruka je izbrisana|Izbrisali ste ovu poruku|Ez az üzenet törlésre került|\
    Törölted ezt az üzenetet|Pesan ini telah dihapus|Anda telah menghapus pesan ini|\
    Questo messaggio è stato eliminato|Hai eliminato questo messaggio|このメッセージは削除されました|このメッセージを削除しました|\
    Бұл хат жойылды|Сіз бұл хатты жойдыңыз|ಈ ಸಂದೇಶವು ಅಳಿಸಲ್ಪಟ್ಟಿದೆ|ನೀವು ಈ ಸಂದೇಶವನ್ನು ಅಳಿಸಿದ್ದೀರಿ|이 메시지는 삭제되었습니다|\
    삭제한 메시지입니다|Ši žinutė buvo ištrinta|Jūs ištrynėte šią žinutę|Šī ziņa tika izdzēsta|Jūs izdzēsāt šo ziņu|\
    Оваа порака беше избришана|Ја избриша оваа порака|ഈ സന്ദേശം ഇല്ലാതാക്കിയതാണ്|ഈ സന്ദേശം നിങ്ങൾ ഇല്ലാതാക്കി|\
    हा संदेश हटविण्यात आला होता|आपण हा संदेश हटविलात|Mesej ini telah dipadam|Anda telah memadamkan mesej ini|\
    Denne meldingen ble slettet|Du slettet denne meldingen|Dit bericht is verwijderd|\
    U hebt dit bericht verwijderd|ਇਸ ਸੁਨੇਹੇ ਨੂੰ ਹਟਾਇਆ ਗਿਆ|ਤੁਸੀਂ ਇਹ ਸੁਨੇਹਾ ਹਟਾਇਆ|Ta wiadomość została usunięta|\
    Usunąłeś(aś) tę wiadomość|Esta mensagem foi apagada|Você apagou esta mensagem|\
    Esta mensagem foi apagada pelo remetente|Acest mesaj a fost șters|Ați șters acest mesaj|\
    Данное сообщение удалено|Вы удалили данное сообщение|Táto správa bola odstránená|Túto správu ste odstránili|\
    To sporočilo je bilo izbrisano|To sporočilo ste izbrisali|Ова порука је обрисана|Обрисао/ла си ову поруку|\
    Detta meddelande raderades|Du raderade detta meddelande|Ujumbe huu ulifutwa|Umefuta ujumbe huu|\
    இத்தகவல் திரும்பப்பெறப்பட்டது|இத்தகவலை தாங்கள் அழித்தீர்கள்|ข้อความนี้ได้ถูกลบ|คุณลบข้อความนี้|\
    Itong mensahe ay binura na|Binura mo itong mensahe|Bu mesaj silindi|Bu mesajı sildiniz|\
    Це повідомлення було видалено|Ви видалили це повідомлення|یہ پیغام حذف کیا گیا|آپ نے اس پیغام کو حذف کیا|\
    Ushbu xabar o‘chirildi|Siz ushbu xabarni o‘chirdingiz|Tin nhắn này đã bị xoá|Bạn đã xoá tin nhắn này|信息已删除|\
    您删除这个信息|此訊息已刪除|您已刪除此訊息|لقد حذَفت هذه الرسالة|এই মেসেজটি বাদ দেওয়া হয়েছে|আপনি এই মেসেজটি বাদ দিয়েছেন|\
    Aquest missatge s'ha suprimit|Has suprimit aquest missatge|Tato zpráva byla smazána|\
    Tuto zprávu jste smazal/a|Denne besked er blevet slettet|Du har slettet denne besked|Διαγράψατε το μήνυμα|\
    Se eliminó este mensaje|این پیام حذف شده است|Scriosadh an teachtaireacht seo|\
    Scrios tú an teachtaireacht seo|આ મેસેજ ડિલીટ કરાયો|તમે આ મેસેજ ડિલીટ કર્યો|מחקת את ההודעה הזו|\
    यह मैसेज डिलीट कर दिया गया है|आपने यह मैसेज डिलीट किया|Ova je poruka izbrisana|Ezt az üzenetet törölted|\
    Pesan ini dihapus|Anda menghapus pesan ini|이 메시지를 삭제했습니다|हा मेसेज हटवण्यात आला|तुम्ही हा मेसेज हटवला|\
    Usunąłeś(-ęłaś) tę wiadomość|Mensagem apagada|Apagou esta mensagem|Вы удалили это сообщение|\
    Det här meddelandet raderades|Du har tagit bort meddelandet|Du raderade det här meddelandet|\
    ข้อความนี้ถูกลบแล้ว|คุณได้ลบข้อความนี้|یہ میسج حذف کر دیا گیا ہے۔|آپ نے یہ میسج حذف کر دیا ہے|\
    آپ نے یہ میسج حذف کر دیا ہے۔|Tin nhắn này đã bị xóa|Bạn đã xóa tin nhắn này|这条消息已被删除|您已删除这条消息";

/// Deleted by an administrator of the group; `{}` is the name.
pub(in super::super) const DELETED_BY_ADMIN: &str = "\
    لقد حذفت هذه الرسالة بصفتك مشرفًا|حذف أحد المشرفين هذه الرسالة|حذف المشرف {} هذه الرسالة.|\
    আপনি অ্যাডমিন হিসেবে এই মেসেজটি বাদ দিয়েছেন|অ্যাডমিন {} এই মেসেজটি বাদ দিয়েছেন।|\
    অ্যাডমিন এই মেসেজটি বাদ দিয়েছেন|Has suprimit aquest missatge com a administrador|\
    Aquest missatge l'ha suprimit un administrador|Aquest missatge l'ha suprimit un administrador: {}.|\
    Tuto zprávu jste odstranil/a jako správce|Tuto zprávu smazal jeden ze správců skupiny ({}).|\
    Tuto zprávu smazal jeden ze správců skupiny|Du har slettet denne besked som administrator|\
    Denne besked er blevet slettet af administratoren {}.|Denne besked er blevet slettet af en administrator|\
    Du hast diese Nachricht als Admin gelöscht|Diese Nachricht wurde von Admin {} gelöscht.|\
    Diese Nachricht wurde von einem*einer Admin gelöscht|Διαγράψατε το μήνυμα ως διαχειριστής|\
    Αυτό το μήνυμα διαγράφηκε από έναν διαχειριστή|Αυτό το μήνυμα διαγράφηκε από τον διαχειριστή {}.|\
    You deleted this message as admin|This message was deleted by admin {}.|\
    This message was deleted by an admin|Eliminaste este mensaje como admin|Un admin. eliminó este mensaje|\
    Un admin., {}, eliminó este mensaje.|شما به‌عنوان مدیر، این پیام را حذف کردید|\
    این پیام را مدیر ({}) حذف کرد.|یکی از مدیران این پیام را حذف کرد|Poistit tämän viestin ylläpitäjänä|\
    Ylläpitäjä poisti tämän viestin|Ylläpitäjä, {}, poisti tämän viestin.|\
    Vous avez supprimé ce message en tant qu'admin|Ce message a été supprimé par l'admin {}|\
    Ce message a été supprimé par un ou une admin|Scrios tú, mar an riarthóir, an teachtaireacht seo|\
    Scrios riarthóir an teachtaireacht seo|Scrios {} (riarthóir) an teachtaireacht seo.|\
    એડમિન તરીકે તમે આ મેસેજ ડિલીટ કર્યો|આ મેસેજ {} એડમિને ડિલીટ કરી દીધો છે.|આ મેસેજ એડમિને ડિલીટ કર્યો હતો|\
    מחקת את ההודעה הזו כמנהל/ת|ההודעה נמחקה על ידי {}, מנהל/ת הקבוצה.|ההודעה נמחקה על ידי מנהל/ת|\
    आपने एडमिन के तौर पर यह मैसेज डिलीट किया है|यह मैसेज एडमिन {} ने डिलीट कर दिया है.|\
    यह मैसेज किसी एडमिन ने डिलीट कर दिया है|Izbrisali ste ovu poruku kao administrator|\
    Ovu je poruku izbrisao administrator {}.|Ovu je poruku izbrisao administrator|\
    Törölted ezt az üzenetet adminként|Ezt az üzenetet az egyik admin ({}) eltávolította.|\
    Ezt az üzenetet az egyik admin eltávolította|Anda menghapus pesan ini sebagai admin|\
    Pesan ini dihapus oleh admin {}.|Pesan ini dihapus oleh admin|\
    Hai eliminato questo messaggio come amministratore|Questo messaggio è stato eliminato da un amministratore|\
    Questo messaggio è stato eliminato dall'amministratore {}.|管理者としてこのメッセージを削除しました|このメッセージは管理者({})により削除されました。|\
    このメッセージは管理者により削除されました|관리자로서 이 메시지를 삭제했습니다|이 메시지는 관리자 {}에 의해 삭제되었습니다.|이 메시지는 관리자에 의해 삭제되었습니다|\
    तुम्ही ॲडमिन म्हणून हा मेसेज हटवला आहे|हा मेसेज {} या ॲडमिनने हटवला.|हा मेसेज ॲडमिनने हटवला|\
    Anda telah memadamkan mesej ini sebagai pentadbir|Mesej ini telah dipadamkan oleh pentadbir {}.|\
    Mesej ini telah dipadamkan oleh pentadbir|Du slettet denne meldingen som administrator|\
    Denne meldingen ble slettet av administrator {}.|Denne meldingen ble slettet av en administrator|\
    U hebt dit bericht als beheerder verwijderd|Dit bericht is verwijderd door beheerder {}.|\
    Dit bericht is verwijderd door een beheerder|Usunąłeś(-ęłaś) tę wiadomość jako administrator|\
    Tę wiadomość usunął administrator {}.|Tę wiadomość usunął administrator|\
    Mensagem apagada por um admin (você)|Mensagem apagada por um admin|Mensagem apagada por um admin ({})|\
    Apagou esta mensagem enquanto administrador/a|Esta mensagem foi apagada por um/a administrador/a, {}.|\
    Esta mensagem foi apagada por um/a administrador/a|Ați șters acest mesaj, ca admin|\
    Acest mesaj a fost șters de admin, {}.|Acest mesaj a fost șters de un admin|\
    Вы как админ удалили данное сообщение|Данное сообщение удалено админом ({}).|\
    Данное сообщение удалено админом|Túto správu ste odstránili ako správca|Túto správu odstránil správca ({}).|\
    Túto správu odstránil správca|Du raderade det här meddelandet i egenskap av administratör|\
    Det här meddelandet togs bort av administratör {}.|Det här meddelandet togs bort av en administratör|\
    คุณได้ลบข้อความนี้ในฐานะผู้ดูแล|ข้อความนี้ถูกลบโดยผู้ดูแล|ข้อความนี้ถูกลบโดยผู้ดูแล {}|\
    Yönetici olarak bu mesajı sildiniz|Bu mesaj bir yönetici tarafından silindi|\
    Bu mesaj {} adlı yönetici tarafından silindi.|Ви видалили це повідомлення від імені адміністратора|\
    Адміністратор видалив це повідомлення|Це повідомлення видалив адміністратор ({}).|\
    آپ نے ایڈمن کے طور پر یہ میسج حذف کر دیا ہے|یہ میسج ایڈمن {} نے حذف کر دیا ہے۔|\
    یہ میسج ایک ایڈمن نے حذف کر دیا ہے۔|Bạn đã xóa tin nhắn này trong vai trò quản trị viên|\
    Quản trị viên {} đã xóa tin nhắn này.|Quản trị viên đã xóa tin nhắn này|您以管理员的身份删除了这条消息|管理员 {} 已删除这条消息。|\
    管理员已删除这条消息|您已以管理員身分刪除此訊息|管理員 {} 已刪除此訊息。|管理員已刪除此訊息|您已使用管理員身份刪除此訊息|管理員{}已刪除此訊息。";

/// The end of a text that was edited.
pub(in super::super) const EDITED: &str = "\
    <Diese Nachricht wurde bearbeitet.>|<This message was edited>|<Se editó este mensaje.>|\
    <Este mensaje fue editado>|<Mensagem editada>|<Esta mensagem foi editada>|<Ce message a été modifié>|\
    <Questo messaggio è stato modificato>|<Dit bericht is bewerkt>|<Сообщение изменено>|<Bu mesaj düzenlendi>|\
    <Pesan ini diedit>";

/// Not yet received when the chat was exported.
pub(in super::super) const WAITING: &str = "\
    Waiting for this message|في انتظار هذه الرسالة، قد يستغرق ذلك بعض الوقت|\
    এই মেসেজের জন্য অপেক্ষা করা হচ্ছে। এর জন্য কিছুক্ষণ সময় লাগতে পারে|\
    Esperant aquest missatge. Això pot tardar una estona|Čeká se na tuto zprávu. Může to chvíli trvat|\
    Venter på denne besked. Det kan godt tage lidt tid|Warte auf diese Nachricht. Das kann einen Moment dauern|\
    Αναμονή για αυτό το μήνυμα. Μπορεί να διαρκέσει λίγο|Waiting for this message. This may take a while|\
    Esperando el mensaje. Esto puede tomar tiempo|در انتظار برای این پیام. ممکن است قدری طول بکشد|\
    Odotetaan tätä viestiä. Tässä saattaa kestää hetki|\
    En attente de ce message. Ceci pourrait prendre un moment|\
    Ag fanacht leis an teachtaireacht seo. Seans go dtógfaidh sé tamall|\
    આ મેસેજની રાહ જોવાય છે. એમાં થોડી વાર લાગી શકે છે|בהמתנה להודעה זו. פעולה זו עשויה להימשך קצת זמן|\
    इस मैसेज को लोड होने में थोड़ा समय लग सकता है|Čekanje na ovu poruku. Ovo može potrajati|\
    Várakozás az üzenetre. Ez eltarthat egy ideig|\
    Menunggu pesan ini. Ini mungkin membutuhkan waktu beberapa saat|\
    In attesa del messaggio. Potrebbe volerci un po' di tempo|メッセージを待っています。しばらく時間がかかることがあります|\
    메시지 암호화 대기중입니다. 다소 시간이 소요될 수 있습니다|या मेसेजची प्रतीक्षा करत आहोत. यासाठी कदाचित थोडा वेळ लागू शकतो|\
    Menunggu untuk mesej ini. Ini mungkin mengambil seketika|Venter på denne meldingen. Dette kan ta litt tid|\
    Wachten op dit bericht. Dit kan even duren|Oczekiwanie na tę wiadomość. To może chwilę potrwać|\
    Aguardando mensagem. Essa ação pode levar alguns instantes|\
    A aguardar pela mensagem. Isto pode demorar um pouco|Se așteaptă mesajul. Procesul poate dura ceva timp|\
    Ожидание сообщения. Это может занять некоторое время|Čaká sa na túto správu. Táto akcia môže chvíľu trvať|\
    Väntar på meddelande. Detta kan ta en stund|กำลังรอข้อความนี้ อาจใช้เวลาสักครู่|\
    Mesaj bekleniyor. Bu biraz zaman alabilir|Очікування повідомлення. Це може зайняти деякий час|\
    اس میسج کا انتظار ہے۔ اس میں کچھ وقت لگ سکتا ہے۔|\
    Đang chờ ghi chú thanh toán này. Bạn có thể phải chờ một lúc|正在等待信息，可能需要一段时间|正在等待訊息，此可能需要一段時間|正在等待此訊息，請耐心等候";
