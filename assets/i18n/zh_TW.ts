<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_TW" sourcelanguage="en">
<context>
    <name>AngleStrip</name>
    <message>
        <source>Front</source>
        <translation>正面</translation>
    </message>
    <message>
        <source>Back</source>
        <comment>side of a product</comment>
        <translation>背面</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左側</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右側</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>上方</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>標籤</translation>
    </message>
</context>
<context>
    <name>Attract</name>
    <message>
        <source>Show me a product</source>
        <translation>請讓我看看商品</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>還沒有商品</translation>
    </message>
    <message>
        <source>I tell you its name and price.</source>
        <translation>我會告訴您名稱和價格。</translation>
    </message>
    <message>
        <source>For staff: photograph the first one, it takes a minute.</source>
        <translation>員工：請拍攝第一件商品，只需一分鐘。</translation>
    </message>
    <message>
        <source>Your picture may be kept when you correct me.</source>
        <translation>您更正我時，該畫面可能會被保留。</translation>
    </message>
    <message>
        <source>Pictures stay in this kiosk and are not kept.</source>
        <translation>畫面只留在本機，不會保存。</translation>
    </message>
    <message>
        <source>The camera is resting; search by name works.</source>
        <translation>相機暫停中，仍可用名稱搜尋。</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>用名稱搜尋</translation>
    </message>
    <message>
        <source>Staff: set up</source>
        <translation>員工：開始設定</translation>
    </message>
</context>
<context>
    <name>CameraPane</name>
    <message>
        <source>The camera is not answering</source>
        <translation>相機沒有回應</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>影片已播放完畢</translation>
    </message>
    <message>
        <source>I keep trying and come back by myself.</source>
        <translation>我會繼續嘗試，恢復後會自動運作。</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>用名稱搜尋</translation>
    </message>
</context>
<context>
    <name>CameraStep</name>
    <message>
        <source>It is too dark here: a lamp above the product helps.</source>
        <translation>這裡太暗了：在商品上方加一盞燈會有幫助。</translation>
    </message>
    <message>
        <source>It is too bright here: keep lamps and windows out of the picture.</source>
        <translation>這裡太亮了：請別讓燈和窗戶入鏡。</translation>
    </message>
    <message>
        <source>Products are held here</source>
        <translation>商品會拿到這裡</translation>
    </message>
    <message>
        <source>Is this the right picture?</source>
        <translation>畫面正確嗎？</translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation>重新尋找相機</translation>
    </message>
    <message>
        <source>The light is good.</source>
        <translation>光線很好。</translation>
    </message>
    <message>
        <source>No other camera was found. Plug one in, then look again.</source>
        <translation>沒有找到其他相機。請接上一台，再找一次。</translation>
    </message>
    <message>
        <source>Turned by</source>
        <translation>旋轉</translation>
    </message>
    <message>
        <source>Show it like a mirror</source>
        <translation>以鏡像顯示</translation>
    </message>
    <message>
        <source>Only on the screen: labels stay readable to the kiosk.</source>
        <translation>只影響畫面，機器仍能讀標籤。</translation>
    </message>
</context>
<context>
    <name>ConfidenceRow</name>
    <message>
        <source>Just a guess</source>
        <translation>只是猜測</translation>
    </message>
    <message>
        <source>Not so sure</source>
        <translation>不太確定</translation>
    </message>
    <message>
        <source>Fairly sure</source>
        <translation>還算確定</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>確定</translation>
    </message>
    <message>
        <source>Very sure</source>
        <translation>非常確定</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>Enrol</name>
    <message>
        <source>Blurred: hold it still</source>
        <translation>畫面模糊：請拿穩</translation>
    </message>
    <message>
        <source>Too dark: turn it to the light</source>
        <translation>太暗：請轉向光源</translation>
    </message>
    <message>
        <source>Too bright: turn it away from the light</source>
        <translation>太亮：請避開光源</translation>
    </message>
    <message>
        <source>Come closer</source>
        <translation>請靠近一點</translation>
    </message>
    <message>
        <source>Move back a little</source>
        <translation>請退後一點</translation>
    </message>
    <message>
        <source>Hold the product in the frame</source>
        <translation>請把商品放在框內</translation>
    </message>
    <message>
        <source>Wait until your hand is still</source>
        <translation>請等手停穩</translation>
    </message>
    <message>
        <source>Turn it: this view is there already</source>
        <translation>請轉個面：這一面已拍過</translation>
    </message>
    <message>
        <source>Show its front</source>
        <translation>請拍正面</translation>
    </message>
    <message>
        <source>Now its back</source>
        <translation>接著拍背面</translation>
    </message>
    <message>
        <source>Now its left side</source>
        <translation>接著拍左側</translation>
    </message>
    <message>
        <source>Now its right side</source>
        <translation>接著拍右側</translation>
    </message>
    <message>
        <source>Now from above</source>
        <translation>接著從上方拍</translation>
    </message>
    <message>
        <source>One more: its label, close</source>
        <translation>再一張：靠近拍標籤</translation>
    </message>
    <message>
        <source>Take it away, then show the product again</source>
        <translation>請先拿開，再出示要登錄的商品</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>拍照</translation>
    </message>
    <message>
        <source>Take at least one picture; five are better.</source>
        <translation>至少拍一張，五張更好。</translation>
    </message>
    <message>
        <source>%1 of 5 pictures</source>
        <translation>已拍 %1 張，共 5 張</translation>
    </message>
    <message>
        <source>%1 pictures: that is plenty</source>
        <translation>%1 張，足夠了</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>儲存中…</translation>
    </message>
    <message>
        <source>Save photos</source>
        <translation>儲存照片</translation>
    </message>
    <message>
        <source>Save product</source>
        <translation>儲存商品</translation>
    </message>
</context>
<context>
    <name>EnrolForm</name>
    <message>
        <source>More photos</source>
        <translation>補拍照片</translation>
    </message>
    <message>
        <source>New product</source>
        <translation>新商品</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>捨棄</translation>
    </message>
    <message>
        <source>Your unfinished product is still here. Go on, or discard it.</source>
        <translation>上次未完成的商品還在，可以繼續或捨棄。</translation>
    </message>
    <message>
        <source>Looks much like %1. Show what sets it apart: the label, the colour, the size.</source>
        <translation>和「%1」很像，請拍出不同之處：標籤、顏色、大小。</translation>
    </message>
    <message>
        <source>This barcode or SKU belongs to %1 already.</source>
        <translation>這個條碼或貨號已屬於「%1」。</translation>
    </message>
    <message>
        <source>Photograph that product instead</source>
        <translation>改為補拍那項商品</translation>
    </message>
    <message>
        <source>Read on the pack; tap to take it over</source>
        <translation>包裝上讀到的文字，點一下即可填入</translation>
    </message>
    <message>
        <source>Price in %1</source>
        <translation>價格（%1）</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分類</translation>
    </message>
    <message>
        <source>SKU</source>
        <translation>貨號</translation>
    </message>
    <message>
        <source>chosen for you</source>
        <translation>自動編號</translation>
    </message>
    <message>
        <source>Another product has this SKU.</source>
        <translation>已有商品使用這個貨號。</translation>
    </message>
    <message>
        <source>Barcode</source>
        <translation>條碼</translation>
    </message>
    <message>
        <source>show it to the camera</source>
        <translation>對著相機即可讀取</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>說明</translation>
    </message>
</context>
<context>
    <name>Find</name>
    <message>
        <source>Ask us for the price</source>
        <translation>價格請洽店員</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>like this, but …</source>
        <translation>像這個，但是…</translation>
    </message>
    <message>
        <source>Name, brand, or what it is for</source>
        <translation>名稱、品牌或用途</translation>
    </message>
    <message>
        <source>Like the last picture</source>
        <translation>像剛才的畫面</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>找不到</translation>
    </message>
    <message>
        <source>Try fewer letters, another category, or show it to the camera.</source>
        <translation>請少打幾個字、換個分類，或把商品拿給相機看。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
</context>
<context>
    <name>FirstProduct</name>
    <message>
        <source>Hold it in the frame</source>
        <translation>請把它拿到框內</translation>
    </message>
    <message>
        <source>It works: recognised!</source>
        <translation>成功了：認出來了！</translation>
    </message>
    <message>
        <source>Not sure yet</source>
        <translation>還不太確定</translation>
    </message>
    <message>
        <source>Now show it to the camera</source>
        <translation>現在請把它拿給相機看</translation>
    </message>
    <message>
        <source>More photos help: its label, its back, another hand.</source>
        <translation>多拍幾張會有幫助：標籤、背面、換一隻手拿。</translation>
    </message>
    <message>
        <source>To come back here later: hold the name Shelflens at the top left for two seconds, then type your PIN.</source>
        <translation>之後要回到這裡：按住左上角的 Shelflens 兩秒，再輸入密碼。</translation>
    </message>
    <message>
        <source>Show it to customers</source>
        <translation>開放給顧客使用</translation>
    </message>
    <message>
        <source>Add a photo</source>
        <translation>加一張照片</translation>
    </message>
    <message>
        <source>Another product</source>
        <translation>下一項商品</translation>
    </message>
    <message>
        <source>Import your list</source>
        <translation>匯入您的清單</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>Camera</source>
        <translation>相機</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Not working</source>
        <translation>未運作</translation>
    </message>
    <message>
        <source>The picture is live</source>
        <translation>畫面正常</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>連線中</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>畫面停住了</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>沒有畫面</translation>
    </message>
    <message>
        <source>%1 pictures a second</source>
        <translation>每秒 %1 張</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>辨識</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>偏慢</translation>
    </message>
    <message>
        <source>%1 ms a picture</source>
        <translation>每張 %1 毫秒</translation>
    </message>
    <message>
        <source>Nothing shown yet</source>
        <translation>尚未出示商品</translation>
    </message>
    <message>
        <source>Tuned to this shop&apos;s own photos</source>
        <translation>已依本店照片調校</translation>
    </message>
    <message>
        <source>Not tuned yet: more photos a product help</source>
        <translation>尚未調校：每項商品多拍幾張會有幫助</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>商品目錄</translation>
    </message>
    <message>
        <source>The recording has ended</source>
        <translation>影片已播放完畢</translation>
    </message>
    <message>
        <source>Products: %1</source>
        <translation>商品：%1</translation>
    </message>
    <message>
        <source>Photos: %1</source>
        <translation>照片：%1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Research only</source>
        <translation>僅限研究</translation>
    </message>
    <message>
        <source>Ask the makers</source>
        <translation>請詢問原作者</translation>
    </message>
    <message>
        <source>%1 numbers a picture</source>
        <translation>每張 %1 個數值</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁碟</translation>
    </message>
    <message>
        <source>Getting full</source>
        <translation>快滿了</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>已滿</translation>
    </message>
    <message>
        <source>%1 GB free</source>
        <translation>剩餘 %1 GB</translation>
    </message>
    <message>
        <source>Free some space: new photos cannot be stored.</source>
        <translation>請清出空間：無法再儲存照片。</translation>
    </message>
    <message>
        <source>This kiosk</source>
        <translation>本機</translation>
    </message>
    <message>
        <source>Running for %1 min</source>
        <translation>已運作 %1 分鐘</translation>
    </message>
    <message>
        <source>%1 MB of memory</source>
        <translation>記憶體 %1 MB</translation>
    </message>
</context>
<context>
    <name>LanguageStep</name>
    <message>
        <source>Welcome</source>
        <translation>歡迎</translation>
    </message>
    <message>
        <source>In two minutes this kiosk will know its first product. It needs no internet, and pictures stay in here.</source>
        <translation>兩分鐘後，這台機器就會認識第一件商品。不需要網路，圖片也只留在機器裡。</translation>
    </message>
    <message>
        <source>Language of the shop</source>
        <translation>商店的語言</translation>
    </message>
    <message>
        <source>Currency of your prices</source>
        <translation>價格的幣別</translation>
    </message>
    <message>
        <source>A price looks like this: %1</source>
        <translation>價格會這樣顯示：%1</translation>
    </message>
</context>
<context>
    <name>Look</name>
    <message>
        <source>Hold it still…</source>
        <translation>請拿穩…</translation>
    </message>
    <message>
        <source>Hold a product in the frame</source>
        <translation>請把商品拿到框內</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜尋</translation>
    </message>
</context>
<context>
    <name>LookAlikes</name>
    <message>
        <source>Most easily confused</source>
        <translation>最容易混淆</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>請稍候</translation>
    </message>
    <message>
        <source>More photos of what sets them apart help. Tap one to open it.</source>
        <translation>多拍不同之處會有幫助。點一下即可開啟。</translation>
    </message>
    <message>
        <source>There are no two products to compare yet.</source>
        <translation>還沒有兩項商品可以比較。</translation>
    </message>
    <message>
        <source>What customers corrected</source>
        <translation>顧客的更正</translation>
    </message>
    <message>
        <source>%1 → %2, %3×</source>
        <translation>%1 → %2，%3 次</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>不確定</translation>
    </message>
    <message>
        <source>none of the five</source>
        <translation>五項都不是</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>alike</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>%1 % confused</source>
        <translation>%1 % 誤認</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Are you still there?</source>
        <translation>您還在嗎？</translation>
    </message>
    <message>
        <source>Starting over in %1 s</source>
        <translation>%1 秒後重新開始</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>重新開始</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>我還在</translation>
    </message>
</context>
<context>
    <name>Mark</name>
    <message>
        <source>Staff: hold for two seconds</source>
        <translation>員工：請按住兩秒</translation>
    </message>
</context>
<context>
    <name>NameField</name>
    <message>
        <source>Name</source>
        <translation>名稱</translation>
    </message>
    <message>
        <source>A product needs a name.</source>
        <translation>商品需要名稱。</translation>
    </message>
    <message>
        <source>This name is too long.</source>
        <translation>名稱太長。</translation>
    </message>
</context>
<context>
    <name>OnScreenKeyboard</name>
    <message>
        <source>Capital letters</source>
        <translation>大寫</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>Vietnamese letters</source>
        <translation>越南文字母</translation>
    </message>
    <message>
        <source>Chinese characters of the catalogue</source>
        <translation>目錄中的中文字</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空白</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Cover</source>
        <translation>封面</translation>
    </message>
    <message>
        <source>Remove this photo</source>
        <translation>移除這張照片</translation>
    </message>
    <message>
        <source>Use as cover</source>
        <translation>設為封面</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>新增</translation>
    </message>
</context>
<context>
    <name>Picklist</name>
    <message>
        <source>Not sure</source>
        <translation>不確定</translation>
    </message>
    <message>
        <source>Is it one of these?</source>
        <translation>是其中一個嗎？</translation>
    </message>
    <message>
        <source>None of them</source>
        <translation>都不是</translation>
    </message>
</context>
<context>
    <name>Pin</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Too many wrong tries</source>
        <translation>輸入錯誤次數過多</translation>
    </message>
    <message>
        <source>Choose a staff PIN</source>
        <translation>請設定員工密碼</translation>
    </message>
    <message>
        <source>Once more, please</source>
        <translation>請再輸入一次</translation>
    </message>
    <message>
        <source>Staff PIN</source>
        <translation>員工密碼</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>請稍候</translation>
    </message>
    <message>
        <source>No staff PIN yet</source>
        <translation>尚未設定員工密碼</translation>
    </message>
    <message>
        <source>Try again in %1</source>
        <translation>請於 %1 後再試</translation>
    </message>
    <message>
        <source>Type the same digits again.</source>
        <translation>請再輸入相同的數字。</translation>
    </message>
    <message>
        <source>For the people who work here.</source>
        <translation>僅供員工使用。</translation>
    </message>
    <message>
        <source>Six digits or more are safe, four the least. It opens enrolment, products and settings.</source>
        <translation>六位數以上才安全，最少四位。可開啟登錄、商品與設定。</translation>
    </message>
    <message>
        <source>Whoever looks after this machine sets it with the command “kiosk pin set”.</source>
        <translation>請由管理這台機器的人以指令「kiosk pin set」設定。</translation>
    </message>
    <message>
        <source>That was not it. Tries before a pause: %1</source>
        <translation>密碼不對。暫停前還可試 %1 次</translation>
    </message>
    <message>
        <source>That was not it. The next wrong try makes the pause longer.</source>
        <translation>密碼不對。再錯一次等待時間會更長。</translation>
    </message>
    <message>
        <source>Please use 4 to 10 digits that are not all the same.</source>
        <translation>請用 4 到 10 位數字，且不可全部相同。</translation>
    </message>
    <message>
        <source>The two were different. Choose again.</source>
        <translation>兩次輸入不同，請重新設定。</translation>
    </message>
    <message>
        <source>The PIN could not be read or stored. Is the disk full?</source>
        <translation>無法讀取或儲存密碼，磁碟是否已滿？</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>PinPad</name>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>PriceField</name>
    <message>
        <source>Customers see %1</source>
        <translation>顧客看到：%1</translation>
    </message>
    <message>
        <source>A product needs a price.</source>
        <translation>商品需要價格。</translation>
    </message>
    <message>
        <source>This is not a price.</source>
        <translation>這不是價格。</translation>
    </message>
</context>
<context>
    <name>ProductDetails</name>
    <message>
        <source>Ask us for the price</source>
        <translation>價格請洽店員</translation>
    </message>
    <message>
        <source>Barcode %1</source>
        <translation>條碼 %1</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>類似的商品</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Find others</source>
        <translation>找其他的</translation>
    </message>
</context>
<context>
    <name>ProductEditor</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Retired</source>
        <translation>已下架</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>價格</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分類</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>說明</translation>
    </message>
    <message>
        <source>Barcode</source>
        <translation>條碼</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>Retire</source>
        <translation>下架</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>重新上架</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>已儲存</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>儲存</translation>
    </message>
</context>
<context>
    <name>ProductList</name>
    <message>
        <source>Name, SKU, text</source>
        <translation>名稱、貨號、文字</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>相似</translation>
    </message>
    <message>
        <source>Asked for, but not here: %1</source>
        <translation>有人詢問但店內沒有：%1</translation>
    </message>
    <message>
        <source>Retired</source>
        <translation>已下架</translation>
    </message>
    <message>
        <source>%1 of %2 shown. Search to see the others.</source>
        <translation>顯示 %1 項，共 %2 項。搜尋可看其他。</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>還沒有商品</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>找不到</translation>
    </message>
</context>
<context>
    <name>Products</name>
    <message>
        <source>Tap a product to edit it</source>
        <translation>點一項商品來編輯</translation>
    </message>
    <message>
        <source>Deleted: %1</source>
        <translation>已刪除：%1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>復原</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>The shop has this already: %1. Take the picture all the same?</source>
        <translation>店內已有此商品：%1。仍要拍下這張照片嗎？</translation>
    </message>
    <message>
        <source>This looks like another product than before. Take the picture all the same?</source>
        <translation>這看起來與先前的商品不同。仍要拍下這張照片嗎？</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>不要拍</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>拍下來</translation>
    </message>
</context>
<context>
    <name>Rehearsal</name>
    <message>
        <source>%1 is in the catalogue</source>
        <translation>「%1」已加入商品目錄</translation>
    </message>
    <message>
        <source>With one picture there is nothing to rehearse with. A second one helps.</source>
        <translation>只有一張照片無法試認，再拍一張會更好。</translation>
    </message>
    <message>
        <source>Rehearsal: recognised %1 of %2.</source>
        <translation>試認結果：%2 次中認出 %1 次。</translation>
    </message>
    <message>
        <source>Taken for %1 (%2×). A photo of the label, or of what is different, settles it.</source>
        <translation>曾誤認為「%1」（%2 次）。補拍標籤或不同之處即可解決。</translation>
    </message>
    <message>
        <source>One picture looks like none of the others. Look at it under Products.</source>
        <translation>有一張照片和其他的都不像，請到「商品」查看。</translation>
    </message>
    <message>
        <source>Add a photo</source>
        <translation>加一張照片</translation>
    </message>
    <message>
        <source>Another product</source>
        <translation>下一項商品</translation>
    </message>
</context>
<context>
    <name>Requests</name>
    <message>
        <source>Asked for, but not here</source>
        <translation>有人詢問但店內沒有</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Customers showed these numbers. The export has them as a table.</source>
        <translation>顧客出示過這些號碼。匯出時會附上表格。</translation>
    </message>
    <message>
        <source>%1×, last %2</source>
        <translation>%1 次，最近一次：%2</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>%1 days ago</source>
        <translation>%1 天前</translation>
    </message>
    <message>
        <source>Enrol</source>
        <translation>登錄</translation>
    </message>
    <message>
        <source>Not wanted</source>
        <translation>不需要</translation>
    </message>
</context>
<context>
    <name>ResultCard</name>
    <message>
        <source>Ask us for the price</source>
        <translation>價格請洽店員</translation>
    </message>
    <message>
        <source>You chose this</source>
        <translation>您選擇的</translation>
    </message>
    <message>
        <source>Scanned</source>
        <translation>已掃描</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Not this one?</source>
        <translation>不是這個？</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
</context>
<context>
    <name>SetUp</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>繼續</translation>
    </message>
    <message>
        <source>The picture is right</source>
        <translation>畫面沒問題</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>How careful to be</source>
        <translation>謹慎程度</translation>
    </message>
    <message>
        <source>Wrong at most 1 time in %1</source>
        <translation>每 %1 次最多錯 1 次</translation>
    </message>
    <message>
        <source>Names almost everything; a wrong price now and then.</source>
        <translation>幾乎都會報出名稱，偶爾會報錯價格。</translation>
    </message>
    <message>
        <source>Asks now and then.</source>
        <translation>有時會先問一下。</translation>
    </message>
    <message>
        <source>A good balance for most shops.</source>
        <translation>適合大多數商店。</translation>
    </message>
    <message>
        <source>Asks more often.</source>
        <translation>較常詢問。</translation>
    </message>
    <message>
        <source>Names only what is beyond doubt; asks often.</source>
        <translation>毫無疑問才報出名稱，常會詢問。</translation>
    </message>
    <message>
        <source>bolder</source>
        <translation>大膽</translation>
    </message>
    <message>
        <source>stricter</source>
        <translation>嚴格</translation>
    </message>
    <message>
        <source>Language at the start</source>
        <translation>起始語言</translation>
    </message>
    <message>
        <source>Back to the start after</source>
        <translation>多久後回到起始畫面</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相機</translation>
    </message>
    <message>
        <source>Show it like a mirror</source>
        <translation>以鏡像顯示</translation>
    </message>
    <message>
        <source>Only on the screen: labels stay readable to the kiosk.</source>
        <translation>只影響畫面，機器仍能讀標籤。</translation>
    </message>
    <message>
        <source>For a webcam only.</source>
        <translation>僅適用於網路相機。</translation>
    </message>
    <message>
        <source>Turned by</source>
        <translation>旋轉</translation>
    </message>
    <message>
        <source>Learning and privacy</source>
        <translation>學習與隱私</translation>
    </message>
    <message>
        <source>Count corrections</source>
        <translation>統計更正</translation>
    </message>
    <message>
        <source>When a customer picks another product, the pair is counted. No picture.</source>
        <translation>顧客改選其他商品時只計次數，不留畫面。</translation>
    </message>
    <message>
        <source>Keep the picture of a correction</source>
        <translation>保留更正時的畫面</translation>
    </message>
    <message>
        <source>Proposed to you as a new photo; nothing enters the catalogue by itself.</source>
        <translation>會建議您加為新照片，不會自動加入目錄。</translation>
    </message>
    <message>
        <source>Comfort</source>
        <translation>舒適</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>減少動態效果</translation>
    </message>
    <message>
        <source>Screens change at once, nothing slides.</source>
        <translation>畫面直接切換，不滑動。</translation>
    </message>
    <message>
        <source>Codes from your own scales</source>
        <translation>自家磅秤的條碼</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Price inside</source>
        <translation>內含價格</translation>
    </message>
    <message>
        <source>Weight inside</source>
        <translation>內含重量</translation>
    </message>
    <message>
        <source>This kiosk</source>
        <translation>本機</translation>
    </message>
    <message>
        <source>Change the PIN</source>
        <translation>變更密碼</translation>
    </message>
    <message>
        <source>Close the kiosk</source>
        <translation>關閉程式</translation>
    </message>
</context>
<context>
    <name>Staff</name>
    <message>
        <source>Enrol</source>
        <translation>登錄</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>商品</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>匯入</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>狀態</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>鎖定</translation>
    </message>
</context>
<context>
    <name>StarRow</name>
    <message>
        <source>%1 of 5 stars</source>
        <translation>%1 顆星（共 5 顆）</translation>
    </message>
</context>
<context>
    <name>StepBar</name>
    <message>
        <source>Language</source>
        <translation>語言</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相機</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>密碼</translation>
    </message>
    <message>
        <source>First product</source>
        <translation>第一件商品</translation>
    </message>
    <message>
        <source>Import a list</source>
        <translation>匯入清單</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>略過</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Customers say that this is it. Add the picture?</source>
        <translation>顧客認為就是這項商品，要加入照片嗎？</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒絕</translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message>
        <source>Import</source>
        <translation>匯入</translation>
    </message>
    <message>
        <source>Put products.csv, and photos.csv for the pictures, on a USB stick or into the shop&apos;s transfer folder. What is there already is updated; nothing doubles.</source>
        <translation>請把 products.csv（照片則加上 photos.csv）放到隨身碟或本店的傳輸資料夾。已有的商品會更新，不會重複。</translation>
    </message>
    <message>
        <source>Products and photos</source>
        <translation>商品和照片</translation>
    </message>
    <message>
        <source>Products only</source>
        <translation>只有商品</translation>
    </message>
    <message>
        <source>No products.csv found yet.</source>
        <translation>尚未找到 products.csv。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>再找一次</translation>
    </message>
    <message>
        <source>Export and backup</source>
        <translation>匯出與備份</translation>
    </message>
    <message>
        <source>An export is tables and pictures that any program reads, and that Import takes back. A backup is one file with everything.</source>
        <translation>匯出是任何程式都能讀的表格和圖片，也可再匯入。備份是包含一切的單一檔案。</translation>
    </message>
    <message>
        <source>The shop&apos;s transfer folder</source>
        <translation>本店的傳輸資料夾</translation>
    </message>
    <message>
        <source>%1 GB free</source>
        <translation>剩餘 %1 GB</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>匯出</translation>
    </message>
    <message>
        <source>Back up</source>
        <translation>備份</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>匯入中…</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>匯出中…</translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation>備份中…</translation>
    </message>
    <message>
        <source>%1 new, %2 changed, %3 as before; %4 photos.</source>
        <translation>新增 %1 項、變更 %2 項、不變 %3 項；照片 %4 張。</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已寫入：%1</translation>
    </message>
    <message>
        <source>Left out:</source>
        <translation>未匯入：</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>還有 %1 項</translation>
    </message>
</context>
<context>
    <name>UnknownCard</name>
    <message>
        <source>I don&apos;t think we have this</source>
        <translation>我們好像沒有這項商品</translation>
    </message>
    <message>
        <source>Sorry, I can&apos;t tell what it is</source>
        <translation>抱歉，我認不出這是什麼</translation>
    </message>
    <message>
        <source>We don&apos;t have this</source>
        <translation>我們沒有這個</translation>
    </message>
    <message>
        <source>This kiosk knows no products yet</source>
        <translation>這台機器還不認識任何商品</translation>
    </message>
    <message>
        <source>These come closest:</source>
        <translation>最接近的是：</translation>
    </message>
    <message>
        <source>Turn it so that the label shows, or search by name.</source>
        <translation>請轉到有標籤的一面，或用名稱搜尋。</translation>
    </message>
    <message>
        <source>The number on it is %1.</source>
        <translation>上面的號碼是 %1。</translation>
    </message>
    <message>
        <source>For staff: photograph the first one, it takes a minute.</source>
        <translation>員工：請拍攝第一件商品，只需一分鐘。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>用名稱搜尋</translation>
    </message>
    <message>
        <source>Staff: set up</source>
        <translation>員工：開始設定</translation>
    </message>
</context>
</TS>
